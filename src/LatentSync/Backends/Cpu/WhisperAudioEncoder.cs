using LatentSync.Audio;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Whisper;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cpu;

/// <summary>Whisper's audio encoder behind <see cref="IAudioEncoder"/>.</summary>
internal sealed class WhisperAudioEncoder(WhisperDimensions dimensions, WeightSource weights, CancellationToken cancellationToken = default)
    : IAudioEncoder,
        IDisposable
{
    private readonly NetworkSession _session = new(WhisperGraph.Encoder(CpuDialect.Factory, dimensions), weights, cancellationToken);
    private readonly TensorBuffer _tokens = new();

    /// <inheritdoc/>
    public int Width => dimensions.Width;

    /// <inheritdoc/>
    public int LayerCount => dimensions.LayerCount + 1;

    /// <inheritdoc/>
    public void Encode(Tensor mel, Tensor rows)
    {
        mel.RequireShape(nameof(mel), dimensions.MelCount, 2 * dimensions.ContextLength);
        rows.RequireShape(nameof(rows), dimensions.ContextLength, LayerCount, Width);
        _session.Run([(WhisperGraph.Mel, TimeMajor(mel))], WhisperGraph.Features, rows.Reshape([1, .. rows.Shape]), CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>[bands, frames] to [1, frames, bands]: the network takes mel frames as tokens.</summary>
    private Tensor TimeMajor(Tensor mel)
    {
        var (bands, frames) = (mel.Shape[0], mel.Shape[1]);
        var tokens = _tokens.Get(1, frames, bands);
        for (var band = 0; band < bands; band++)
        {
            for (var frame = 0; frame < frames; frame++)
            {
                tokens.Data[(frame * bands) + band] = mel.Data[(band * frames) + frame];
            }
        }

        return tokens;
    }
}
