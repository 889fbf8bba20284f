using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Networks.UNet;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// The networks of a model on a device: a clip's faces, audio and noise go there once, its generated faces come back once.
/// Belongs to the player's thread.
/// </summary>
internal sealed class DeviceModel : IDisposable
{
    private readonly ILaunchPlayer _player;
    private readonly ClipLayout _layout;
    private readonly IWeightReader _reader;
    private readonly PreparedList _begin;
    private readonly PreparedList _sound;
    private readonly PreparedList _encoder;
    private readonly PreparedList _decoder;
    private readonly Dictionary<UNetLaunchLists, (PreparedList Full, PreparedList Cached)> _unets;
    private readonly PreparedSlice[] _slices;
    private SamplingPlan? _sampling;
    private (PreparedList Time, PreparedList Advance)[] _steps = [];

    /// <summary>Loads the weights and binds the lists to memory.</summary>
    /// <param name="player">The device.</param>
    /// <param name="layout">The lists.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Runtime.DeviceMemoryException">The device has too little memory.</exception>
    public DeviceModel(ILaunchPlayer player, ClipLayout layout, CancellationToken cancellationToken)
    {
        (_player, _layout, _reader) = (player, layout, layout.Parts.UNetWeights);
        try
        {
            player.Load(layout.ScratchBytes, layout.Weights, cancellationToken);
            var lists = layout.Lists;
            _sound = Prepare(lists.UNet.Prelude);
            _unets = lists.UNets.ToDictionary(unet => unet, unet => (Prepare(unet.Full), Prepare(unet.Cached)));
            _encoder = Prepare(lists.Encoder);
            _decoder = Prepare(lists.Decoder);
            _begin = Prepare(lists.Begin);
            _slices =
            [
                .. lists.Slices.Select(slice => new PreparedSlice(
                    slice.First,
                    Prepare(slice.LoadMasked),
                    Prepare(slice.PlaceMasked),
                    Prepare(slice.LoadWhole),
                    Prepare(slice.PlaceReference),
                    Prepare(slice.LoadLatents),
                    Prepare(slice.Composite)
                )),
            ];
        }
        catch
        {
            player.Unload();
            throw;
        }

        // What a short clip leaves out is computed with, though nothing looks at it: it has to be numbers.
        var shape = layout.Shape;
        Write(UNetGraphs.Sample, new float[shape.Frames * shape.LatentPixels * ClipLaunchLists.SampleColumns]);
        var mask = new RepaintMask(shape.FaceSide);
        Write(ClipLaunchLists.Mask, mask.Pixels);
        Write(ClipLaunchLists.LatentMask, [.. Enumerable.Repeat(mask.Latents, shape.Frames).SelectMany(values => values)]);

        PreparedList Prepare(Launching.Lists.LaunchList list)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return player.Prepare(list);
        }
    }

    /// <summary>What a mark of the player stands for.</summary>
    private enum Moment
    {
        Begin,
        Encoded,
        Denoised,
        Decoded,
        EvenStep,
        OddStep,
    }

    /// <summary>Generates a clip.</summary>
    /// <param name="faces">Aligned faces of the model's resolution, at most as many as there is room for.</param>
    /// <param name="audio">[frames, tokens, width].</param>
    /// <param name="noise">[frames, 4, height, width].</param>
    /// <param name="generated">As many faces [3, resolution, resolution], which are filled with values of about -1..1.</param>
    /// <param name="options">Steps, guidance and caching.</param>
    /// <param name="stepDone">Told when the device has finished a step, one step late.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The device's milliseconds of each stage.</returns>
    /// <exception cref="Runtime.DeviceMemoryException">The device has too little memory; nothing has come of the clip.</exception>
    public DeviceTimes Generate(
        IReadOnlyList<RgbImage> faces,
        Tensor audio,
        Tensor noise,
        IReadOnlyList<Memory<float>> generated,
        SamplerOptions options,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        UseOptions(options);
        Mark(Moment.Begin);
        Feed(faces, audio, noise);
        List<PreparedSlice> slices = [.. _slices.Where(slice => slice.First < faces.Count)];
        foreach (var slice in slices)
        {
            cancellationToken.ThrowIfCancellationRequested();
            slice.LoadMasked.Play();
            _encoder.Play();
            slice.PlaceMasked.Play();
            slice.LoadWhole.Play();
            _encoder.Play();
            slice.PlaceReference.Play();
        }

        Mark(Moment.Encoded);
        Denoise(stepDone, cancellationToken);
        Mark(Moment.Denoised);
        foreach (var slice in slices)
        {
            cancellationToken.ThrowIfCancellationRequested();
            slice.LoadLatents.Play();
            _decoder.Play();
            slice.Composite.Play();
        }

        Mark(Moment.Decoded);
        _player.Read(ClipLaunchLists.Faces, generated);
        return new DeviceTimes(Elapsed(Moment.Begin, Moment.Encoded), Elapsed(Moment.Encoded, Moment.Denoised), Elapsed(Moment.Denoised, Moment.Decoded));
    }

    /// <inheritdoc/>
    public void Dispose() => _player.Unload();

    private void Denoise(Action? stepDone, CancellationToken cancellationToken)
    {
        _sound.Play();
        foreach (var step in _sampling!.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (time, advance) = _steps[step.Index];
            time.Play();
            foreach (var unet in _layout.Lists.Halves(step.IsGuided))
            {
                (step.IsFull ? _unets[unet].Full : _unets[unet].Cached).Play();
            }

            advance.Play();

            // Waits for the step before, so that the queue is never empty and never far ahead.
            Mark(Parity(step.Index));
            if (step.Index > 0)
            {
                _player.Wait((int)Parity(step.Index - 1));
                stepDone?.Invoke();
            }
        }

        _player.Wait((int)Parity(_sampling.Steps.Count - 1));
        stepDone?.Invoke();
    }

    private static Moment Parity(int step) => step % 2 == 0 ? Moment.EvenStep : Moment.OddStep;

    /// <summary>Makes ready for a number of steps and a guidance scale, unless it is.</summary>
    private void UseOptions(SamplerOptions options)
    {
        if (options == _sampling?.Options)
        {
            return;
        }

        var (plan, layers) = (new SamplingPlan(options), _layout.Lists.UNet.Layout.Layers);
        var projections = new TimeProjections(_reader, _layout.Parts.UNetConfig, [.. plan.Steps.Select(step => step.Timestep)]);
        var rows = layers.AsParallel().AsOrdered().Select(projections.Project).ToList();
        Write(ClipLaunchLists.Times, [.. plan.Steps.SelectMany(step => rows.SelectMany(layer => layer[step.Index]))]);
        _steps =
        [
            .. plan.Steps.Select(step =>
                (_player.Prepare(_layout.Lists.TimeOf(step.Index)), _player.Prepare(_layout.Lists.Advance(step, options.GuidanceScale)))
            ),
        ];
        _sampling = plan;
    }

    /// <summary>Sends what a clip starts from. Frames that are missing are the last one again.</summary>
    private void Feed(IReadOnlyList<RgbImage> faces, Tensor audio, Tensor noise)
    {
        var shape = _layout.Shape;
        var (pixels, sound, latents) = (
            new byte[shape.Frames * shape.FacePixels * RgbImage.Channels],
            new float[shape.Frames * audio.Length / audio.Shape[0]],
            new float[shape.Frames * shape.LatentPixels * LatentShape.Channels]
        );
        for (var frame = 0; frame < shape.Frames; frame++)
        {
            var source = Math.Min(frame, faces.Count - 1);
            faces[source].Pixels.CopyTo(Part(pixels, frame));
            audio.Row(source).CopyTo(Part(sound, frame));
            ChannelsLast(noise.Row(source), Part(latents, frame));
        }

        _player.Write(ClipLaunchLists.Pixels, pixels);
        Write(UNetLaunchLists.Audio, sound);
        Write(ClipLaunchLists.Noise, latents);
        Write(LaunchDialect.FrameCount, [faces.Count]);
        _begin.Play();

        Span<T> Part<T>(T[] values, int frame) => values.AsSpan(values.Length / shape.Frames * frame, values.Length / shape.Frames);
    }

    private static void ChannelsLast(ReadOnlySpan<float> planes, Span<float> pixels)
    {
        var plane = planes.Length / LatentShape.Channels;
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = planes[(i % LatentShape.Channels * plane) + (i / LatentShape.Channels)];
        }
    }

    private void Write(string name, ReadOnlySpan<float> values) => _player.Write(name, MemoryMarshal.AsBytes(values));

    private void Mark(Moment moment) => _player.Mark((int)moment);

    private double Elapsed(Moment from, Moment to) => _player.Elapsed((int)from, (int)to);

    /// <summary>A <see cref="VaeSlice"/>, bound to memory.</summary>
    private sealed record PreparedSlice(
        int First,
        PreparedList LoadMasked,
        PreparedList PlaceMasked,
        PreparedList LoadWhole,
        PreparedList PlaceReference,
        PreparedList LoadLatents,
        PreparedList Composite
    );
}
