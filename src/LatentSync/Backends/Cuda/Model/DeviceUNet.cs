using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Checkpoints.Config;
using LatentSync.Networks.UNet;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// The UNet on a device, piece by piece; maps are [images, height, width, channels]. Images without audio come first:
/// they skip the attention to the audio, which would give them nothing.
/// </summary>
internal sealed class DeviceUNet : IDisposable
{
    // One is in use, the next arrives.
    private const int StreamedPlaces = 2;

    private readonly DeviceRuntime _runtime;
    private readonly UNetConfig _config;
    private readonly UNetPlan _plan;
    private readonly int _audioTokens;
    private readonly DeviceNetwork _network;
    private readonly UNetSegments _segments;
    private readonly UNetLayout _layout;
    private readonly UNetTimeTable _times;

    /// <summary>Describes the network; nothing is loaded yet.</summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="config">The network's layout.</param>
    /// <param name="reader">Its weights.</param>
    /// <param name="size">Width and height of the latents.</param>
    /// <param name="audioTokens">Audio tokens of one frame.</param>
    /// <param name="plan">How it runs.</param>
    public DeviceUNet(DeviceRuntime runtime, UNetConfig config, IWeightReader reader, int size, int audioTokens, UNetPlan plan)
    {
        (_runtime, _config, _plan, _audioTokens) = (runtime, config, plan, audioTokens);
        _layout = new UNetLayout(config, size);
        _network = new DeviceNetwork(runtime, reader);
        _segments = new UNetSegments(_network, runtime, config);
        _times = new UNetTimeTable(runtime, config, reader, _layout);
    }

    /// <summary>The weights.</summary>
    public DeviceNetwork Network => _network;

    /// <summary>Type of everything that goes in and out.</summary>
    public DeviceDataType Type => _runtime.Type;

    /// <summary>Opens the graphs for clips of this length and loads the weights. Other lengths run as well, with graphs opened then.</summary>
    public void Load(int frames, bool guided, CancellationToken cancellationToken)
    {
        var clips = guided && _plan.JoinsGuidance ? 2 : 1;
        _ = _segments.InputConvolution(_layout.Size);
        _ = _segments.Output(clips, _layout.Size);

        // The head's weights come first: they are used at every step, and the first to stay on the device.
        foreach (var layer in _layout.Layers.Where(layer => layer != _layout.Head).Prepend(_layout.Head))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Open(layer, frames, clips, guided);
        }

        _network.Load(_plan.WeightBytes, StreamedPlaces, cancellationToken);
    }

    /// <summary>Makes ready for the timesteps of a schedule; runs name them by their place in it.</summary>
    public void Prepare(IReadOnlyList<int> timesteps) => _times.Prepare(timesteps);

    /// <summary>The deep part, which runs on full steps only.</summary>
    /// <param name="sample">[images, height, width, 16]: the 13 channels of the sample, filled up.</param>
    /// <param name="run">What the images are.</param>
    /// <returns>The hidden state that enters the last resnet; the caller disposes it.</returns>
    public OwnedDeviceTensor DeepFeature(DeviceTensor sample, UNetRun run)
    {
        var hidden = InputConvolution(sample);
        var skips = new Stack<OwnedDeviceTensor>([hidden]);
        for (var level = 0; level < _layout.Down.Count; level++)
        {
            foreach (var layer in _layout.Down[level])
            {
                hidden = Layer(layer, hidden, skip: null, run);
                skips.Push(hidden);
            }

            if (level < _layout.Down.Count - 1)
            {
                var last = _layout.Down[level][^1];
                hidden = Resize(_segments.Downsample(UNetLayout.DownBlock(level), last.Size, last.OutChannels), hidden, last.Size / 2);
                skips.Push(hidden);
            }
        }

        // From here on each map is read once; only the last of the way down is still on the stack.
        var isOnStack = true;
        foreach (var layer in _layout.Middle)
        {
            hidden = Consume(layer, hidden, skip: null);
        }

        for (var level = 0; level < _layout.Up.Count; level++)
        {
            foreach (var layer in _layout.Up[level].Where(layer => layer != _layout.Head))
            {
                hidden = Consume(layer, hidden, skips.Pop());
            }

            if (level < _layout.Up.Count - 1)
            {
                var last = _layout.Up[level][^1];
                using var small = hidden;
                hidden = Resize(_segments.Upsample(UNetLayout.UpBlock(level), last.Size, last.OutChannels), small, 2 * last.Size);
            }
        }

        // The head makes the first skip itself, from the sample of its own step.
        skips.Pop().Dispose();
        return hidden;

        OwnedDeviceTensor Consume(UNetLayer layer, OwnedDeviceTensor input, OwnedDeviceTensor? skip)
        {
            var result = Layer(layer, input, skip, run);
            skip?.Dispose();
            if (!isOnStack)
            {
                input.Dispose();
            }

            isOnStack = false;
            return result;
        }
    }

    /// <summary>The shallow part, which runs on every step.</summary>
    /// <param name="sample">As for <see cref="DeepFeature"/>, with the latents of this step.</param>
    /// <param name="feature">The deep feature of the last full step.</param>
    /// <param name="run">What the images are.</param>
    /// <param name="prediction">[images, height, width, 4]: receives the predicted noise.</param>
    public void PredictNoise(DeviceTensor sample, DeviceTensor feature, UNetRun run, DeviceTensor prediction)
    {
        OwnedDeviceTensor hidden;
        using (var skip = InputConvolution(sample))
        {
            hidden = Layer(_layout.Head, feature, skip, run);
        }

        using (hidden)
        {
            _segments.Output(run.Clips, _layout.Size).Run([(UNetSegments.Hidden, hidden)], (UNetSegments.Result, prediction));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _times.Dispose();
        _network.Dispose();
    }

    private void Open(UNetLayer layer, int frames, int clips, bool guided)
    {
        _ = _segments.Resnet(layer.Resnet, clips, layer.Size, layer.Channels, layer.SkipChannels, layer.OutChannels);
        if (layer.Attends)
        {
            _ = _segments.Transformer(layer.Transformer, layer.Size, layer.OutChannels, _audioTokens);
            _ = guided ? _segments.Transformer(layer.Transformer, layer.Size, layer.OutChannels, 0) : null;
        }

        if (layer.Moves)
        {
            _ = _segments.MotionTokens(layer.Motion, clips, layer.Size, layer.OutChannels);
            _ = _segments.MotionTransformer(layer.Motion, frames, layer.OutChannels, CudaDialect.SharedPixels(frames, layer.Size * layer.Size));
            _ = _segments.AddMotion(layer.Motion, clips, layer.Size, layer.OutChannels);
        }

        if (layer.Halves)
        {
            _ = _segments.Downsample(layer.Block, layer.Size, layer.OutChannels);
        }

        if (layer.Doubles)
        {
            _ = _segments.Upsample(layer.Block, layer.Size, layer.OutChannels);
        }
    }

    private OwnedDeviceTensor InputConvolution(DeviceTensor sample)
    {
        var result = Map(sample.Shape[0], _layout.Size, _config.BlockOutChannels[0]);
        _segments.InputConvolution(_layout.Size).Run([(UNetSegments.Hidden, sample)], (UNetSegments.Result, result));
        return result;
    }

    private OwnedDeviceTensor Resize(DevicePiece piece, DeviceTensor hidden, int size)
    {
        var result = Map(hidden.Shape[0], size, hidden.Shape[3]);
        piece.RunSlices(hidden.Shape[0], Slice(size * size * hidden.Shape[3]), [(UNetSegments.Hidden, hidden)], (UNetSegments.Result, result));
        return result;
    }

    /// <summary>A layer; the caller keeps its inputs and gets a new map.</summary>
    private OwnedDeviceTensor Layer(UNetLayer layer, DeviceTensor input, DeviceTensor? skip, UNetRun run)
    {
        var hidden = Map(run.Images, layer.Size, layer.OutChannels);
        var resnet = _segments.Resnet(layer.Resnet, run.Clips, layer.Size, layer.Channels, layer.SkipChannels, layer.OutChannels);
        (string, DeviceTensor)[] inputs = [(UNetSegments.Hidden, input), (UNetSegments.Time, _times.Row(layer, run.Step, run.Clips))];
        resnet.Run(skip is null ? inputs : [.. inputs, (UNetSegments.Skip, skip)], (UNetSegments.Result, hidden));
        if (layer.Attends)
        {
            using var before = hidden;
            hidden = Transform(layer, before, run);
        }

        if (layer.Moves)
        {
            using var before = hidden;
            hidden = Move(layer, before, run);
        }

        return hidden;
    }

    private OwnedDeviceTensor Transform(UNetLayer layer, DeviceTensor input, UNetRun run)
    {
        var result = Map(run.Images, layer.Size, layer.OutChannels);
        var longest = Slice(layer.Size * layer.Size * layer.OutChannels);
        if (run.SilentImages > 0)
        {
            _segments
                .Transformer(layer.Transformer, layer.Size, layer.OutChannels, audioTokens: 0)
                .RunSlices(
                    run.SilentImages,
                    longest,
                    [(UNetSegments.Hidden, input.Rows(0, run.SilentImages))],
                    (UNetSegments.Result, result.Rows(0, run.SilentImages))
                );
        }

        var loud = run.Images - run.SilentImages;
        if (loud > 0)
        {
            _segments
                .Transformer(layer.Transformer, layer.Size, layer.OutChannels, _audioTokens)
                .RunSlices(
                    loud,
                    longest,
                    [(UNetSegments.Hidden, input.Rows(run.SilentImages, loud)), (UNetSegments.Audio, run.Audio!)],
                    (UNetSegments.Result, result.Rows(run.SilentImages, loud))
                );
        }

        return result;
    }

    private OwnedDeviceTensor Move(UNetLayer layer, DeviceTensor input, UNetRun run)
    {
        var (pixels, channels) = (run.Clips * layer.Size * layer.Size, layer.OutChannels);
        using var moved = new OwnedDeviceTensor(_runtime.Arena, Type, pixels, run.Frames, channels);
        using (var tokens = new OwnedDeviceTensor(_runtime.Arena, Type, pixels, run.Frames, channels))
        {
            _segments.MotionTokens(layer.Motion, run.Clips, layer.Size, channels).Run([(UNetSegments.Hidden, input)], (UNetSegments.Tokens, tokens));
            var together = CudaDialect.SharedPixels(run.Frames, layer.Size * layer.Size);
            _segments
                .MotionTransformer(layer.Motion, run.Frames, channels, together)
                .RunSlices(pixels / together, Slice(together * run.Frames * channels), [(UNetSegments.Tokens, tokens)], (UNetSegments.Result, moved));
        }

        var result = Map(run.Images, layer.Size, channels);
        _segments
            .AddMotion(layer.Motion, run.Clips, layer.Size, channels)
            .Run([(UNetSegments.Tokens, moved), (UNetSegments.Hidden, input)], (UNetSegments.Result, result));
        return result;
    }

    private OwnedDeviceTensor Map(int images, int size, int channels) => new(_runtime.Arena, Type, images, size, size, channels);

    /// <summary>How many entries of so many values go through at once.</summary>
    private int Slice(int values) => Math.Max(1, _plan.SliceValues / values);
}
