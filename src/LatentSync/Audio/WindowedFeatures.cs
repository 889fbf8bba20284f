using LatentSync.Tensors;

namespace LatentSync.Audio;

/// <summary>
/// The encoder's features for a sound of any length, 50 rows per second, each [layers + 1, width]. Windows are encoded
/// when a row first needs them and at most two are kept, so memory does not grow with the sound: reading forward
/// encodes each window once, jumping back encodes again. Not thread-safe.
/// </summary>
internal sealed class WindowedFeatures
{
    /// <summary>Rows per second.</summary>
    public const int RowsPerSecond = LogMel.SampleRate / LogMel.HopLength / MelFramesPerRow;

    private const int MelFramesPerRow = 2;
    private const int WindowMelFrames = WindowPlan.Length * MelFramesPerRow;

    // 49 days, so that neither the mel frames of a row nor their sums leave 32 bits.
    private const int EndlessRows = int.MaxValue / 10;

    private readonly Tensor _mel;
    private readonly IAudioEncoder _encoder;
    private readonly WindowPlan _plan;
    private readonly float? _silence;

    // Window w lives in slot w % 2: a row needs at most two neighbours. The slots and what is encoded are used again, 11.5 MB
    // and 1 MB for Whisper tiny.
    private readonly (int? Window, Tensor? Rows)[] _slots = new (int?, Tensor?)[2];
    private readonly TensorBuffer _cut = new();

    /// <summary>Prepares the features; nothing is encoded yet.</summary>
    /// <param name="mel">[80, frames] of the whole sound, at least two frames.</param>
    /// <param name="encoder">Encodes the windows; stays the caller's.</param>
    /// <param name="plan">How the windows lie.</param>
    /// <param name="silence">The mel value of an endless silence after the sound; null: the features end with the sound.</param>
    public WindowedFeatures(Tensor mel, IAudioEncoder encoder, WindowPlan plan, float? silence = null)
    {
        mel.RequireShape(nameof(mel), MelFilterBank.BandCount, -1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mel.Shape[1], MelFramesPerRow, nameof(mel));
        (_mel, _encoder, _plan, _silence) = (mel, encoder, plan, silence);
        RowCount = silence is null ? mel.Shape[1] / MelFramesPerRow : EndlessRows;
    }

    /// <summary>Rows of the whole sound: half its mel frames; more than any video needs where silence follows.</summary>
    public int RowCount { get; }

    /// <summary>Hidden states of a row.</summary>
    public int LayerCount => _encoder.LayerCount;

    /// <summary>Values of a hidden state.</summary>
    public int Width => _encoder.Width;

    /// <summary>Writes one row, [layers + 1, width].</summary>
    public void CopyRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        var (window, share) = _plan.Locate(row, RowCount);
        destination = destination[..(LayerCount * Width)];
        if (share < 1)
        {
            RowOf(window - 1, row).CopyTo(destination);
            TensorPrimitives.Lerp(destination, RowOf(window, row), share, destination);
        }
        else
        {
            RowOf(window, row).CopyTo(destination);
        }
    }

    private Span<float> RowOf(int window, int row)
    {
        ref var slot = ref _slots[window % _slots.Length];
        slot.Rows ??= new Tensor(WindowPlan.Length, LayerCount, Width);
        if (slot.Window != window)
        {
            // If encoding fails, the slot holds neither.
            slot.Window = null;
            _encoder.Encode(Cut(window), slot.Rows);
            slot.Window = window;
        }

        return slot.Rows.Row(row - (window * _plan.Stride));
    }

    private Tensor Cut(int window)
    {
        var start = window * _plan.Stride * MelFramesPerRow;
        var (bands, frames) = (_mel.Shape[0], Math.Clamp(_mel.Shape[1] - start, 0, WindowMelFrames));
        var cut = _cut.Get(bands, WindowMelFrames);
        cut.Span.Fill(_silence ?? 0);
        for (var band = 0; band < bands && frames > 0; band++)
        {
            _mel.Row(band).Slice(start, frames).CopyTo(cut.Row(band));
        }

        return cut;
    }
}
