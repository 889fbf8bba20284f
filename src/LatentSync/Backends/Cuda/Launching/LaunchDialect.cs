using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Launching.Operations.Norms;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// Turns the description of a network into a launch list. Maps and tokens are [image, pixel, channel] throughout, so
/// neither is ever permuted. A convolution's bias, a residual, the sums for the next norm and the join of two maps cost no
/// pass of their own where the operation before or after can take them along.
/// </summary>
/// <param name="writer">Takes the operations that run each time.</param>
/// <param name="prelude">Takes those that depend on the sound alone: once for a clip.</param>
/// <param name="shape">How the images belong together.</param>
internal sealed partial class LaunchDialect(LaunchWriter writer, LaunchWriter prelude, LaunchShape shape) : NetworkDialect
{
    /// <summary>Named buffer: what each resnet adds for the timestep, float32 rows one after the other.</summary>
    public const string Time = "time";

    /// <summary>Named buffer: how many frames of a clip there are, one float32 number; see <see cref="LaunchShape.MayBeShort"/>.</summary>
    public const string FrameCount = "frame_count";

    private const int ChannelUnit = 8;

    // Fewer than this are too few for cuDNN's kernels; a product of the windows is faster.
    private const int FewChannels = 16;

    // cuDNN has no good kernel for four phases of so many channels; one product of the windows is faster.
    private const int ManyPhaseChannels = 1280;

    // The widest head of attention kernels. The VAE has one of 512, for which three products are faster anyway.
    private const int WidestHead = 160;

    // A block of the kernel for gated products has so many rows.
    private const int FusedGateRows = 256;

    private readonly Dictionary<string, LaunchNode> _nodes = new(StringComparer.Ordinal);
    private int _values;
    private LaunchBuffer? _time;
    private LaunchBuffer? _frameCount;

    /// <summary>How wide the <see cref="Time"/> buffer is.</summary>
    public int TimeWidth { get; init; }

    /// <summary>Where the row of a projection of the time embedding starts in <see cref="Time"/>, by the projection's name.</summary>
    public Func<string, int> TimeOffset { get; init; } = _ => throw NotHere();

    /// <inheritdoc/>
    public override Value MapInput(string name, int channels, int height, int width) =>
        New(new LaunchNode.Fed(LaunchWriter.Named(name, shape.Images * height * width, channels), shape.Images, height), -1, channels, height, width);

    /// <summary>A map that another list has kept, with its sums.</summary>
    public Value KeptMap(string name, int channels, int side)
    {
        var map = writer.Map(name, shape.ResultImages, side, channels);
        map.Buffer.Keep(name);
        return New(new LaunchNode.InMemory(map, ChannelSums.For(map, SumsOf(name), LaunchBufferKind.Named)), -1, channels, side, side);
    }

    /// <summary>Keeps a map and its sums for another list.</summary>
    public void Keep(string name, Value value)
    {
        var node = Memory(value, withSums: true);
        node.Map.Buffer.Keep(name);
        node.Sums!.Buffer.Keep(SumsOf(name));
    }

    /// <inheritdoc/>
    public override Value TokenInput(string name, int sequences, int tokens, int width) =>
        New(new LaunchNode.Sound(Widened(prelude, LaunchWriter.Named(name, shape.Images * tokens, width), width), tokens), -1, tokens, width);

    /// <inheritdoc/>
    public override Value VectorInput(string name, int width) => new(name, 1, width);

    /// <summary>Float32 rows of the map's channels, one for each pixel.</summary>
    public override void MapOutput(string name, Value map)
    {
        var result = Memory(map, withSums: false).Map;
        writer.Add(new NarrowOperation(result.Rows, LaunchWriter.Named(name, result.Images * result.Pixels, map[1])));
    }

    /// <inheritdoc/>
    public override void TokenOutput(string name, Value tokens) => throw NotHere();

    /// <inheritdoc/>
    public override Value Convolution(
        Value map,
        string weights,
        int outChannels,
        int kernel,
        (int Down, int Across) stride,
        (int Top, int Left, int Bottom, int Right) padding
    )
    {
        if (kernel == 1)
        {
            return New(new LaunchNode.Pointwise(map, weights, map[1], outChannels), map[0], outChannels, map[2], map[3]);
        }

        var (before, after) = (padding.Top, padding.Bottom);
        var side = ((map[2] + before + after - kernel) / stride.Down) + 1;
        return New(Convolved(map, weights, outChannels, kernel, stride.Down, before, after), map[0], outChannels, side, side);
    }

    /// <inheritdoc/>
    public override Value TokenConvolution(Value tokens, string weights, int outWidth, int kernel, int stride) => throw NotHere();

    /// <inheritdoc/>
    public override Value GroupNorm(Value map, string weights, int groups, float epsilon, int? clips) =>
        Norm(map, weights, groups, epsilon, clips, silu: false);

    /// <inheritdoc/>
    public override Value GroupNormSilu(Value map, string weights, int groups, float epsilon, int? clips) =>
        Norm(map, weights, groups, epsilon, clips, silu: true);

    /// <inheritdoc/>
    public override Value Silu(Value value) => throw NotHere();

    /// <inheritdoc/>
    public override Value Relu(Value value) => throw NotHere();

    /// <inheritdoc/>
    public override Value Gelu(Value value) => throw NotHere();

    /// <inheritdoc/>
    public override Value Add(Value left, Value right) => throw NotHere();

    /// <inheritdoc/>
    public override Value AddVector(Value map, Value vector) => throw NotHere();

    /// <remarks>The bias and the projection shift what the next norm sees, and are taken into its coefficients.</remarks>
    public override Value TimeConvolution(Value map, string weights, int outChannels, Value time, string projection)
    {
        _time ??= new LaunchBuffer(Time, LaunchBufferKind.Named, DeviceDataType.Float32, TimeWidth);
        var source = Memory(map, withSums: false).Map;
        var convolved = Raw(source, weights, map[1], outChannels, new WindowShape(source.Images, source.Side, 3, 1, 1, 1));
        var offset = new LaunchMatrix(_time, TimeOffset(projection), 1, outChannels, outChannels);
        return New(new LaunchNode.InMemory(convolved, Offset: offset), map[0], outChannels, map[2], map[3]);
    }

    /// <inheritdoc/>
    public override Value AddConvolution(Value map, string weights, Value skip)
    {
        var channels = skip[1];
        var source = Memory(map, withSums: false).Map;
        var convolved = Raw(source, weights, map[1], channels, new WindowShape(source.Images, source.Side, 3, 1, 1, 1));
        if (_nodes[skip.Name] is not LaunchNode.Pointwise shortcut)
        {
            return New(new LaunchNode.Unbiased(convolved, FloatBias(weights, channels), Memory(skip, withSums: false).Map), map[0], channels, map[2], map[3]);
        }

        // The shortcut is a product, or two, that are added to the convolution where it lies.
        var bias = SumOfBiases(weights, shortcut.Weights, channels);
        var w = PointwiseWeights(shortcut);
        var first = 0;
        foreach (var part in Sources(shortcut.Source))
        {
            for (var image = 0; image < convolved.Images; image += part.Map.Images)
            {
                var y = convolved.Rows.RowRange(image * part.Map.Pixels, part.Map.Rows.RowCount);
                writer.Add(new ProductOperation(part.Map.Rows, w.Columns(first, part.Map.Channels), y, first == 0 ? bias : null, y));
            }

            first += part.Map.Channels;
        }

        return New(new LaunchNode.InMemory(convolved), map[0], channels, map[2], map[3]);
    }

    /// <inheritdoc/>
    public override Value Concatenate(Value left, Value right) => New(new LaunchNode.Joined(left, right), left[0], left[1] + right[1], left[2], left[3]);

    /// <inheritdoc/>
    public override Value UpsampleNearest(Value map) => New(new LaunchNode.Doubled(map), map[0], map[1], 2 * map[2], 2 * map[3]);

    /// <summary>The number of frames, where images of a unit belong to different frames of a clip that may be short.</summary>
    private LaunchBuffer? FrameCountOf(int imagesPerUnit) =>
        shape.MayBeShort && imagesPerUnit > 1 ? _frameCount ??= LaunchWriter.Named(FrameCount, 1, 1).Buffer : null;

    private static string SumsOf(string name) => name + ".sums";

    private static int Padded(int channels) => (channels + ChannelUnit - 1) / ChannelUnit * ChannelUnit;

    private static NotSupportedException NotHere() => new("No network that runs on a card uses this word.");

    private Value New(LaunchNode node, params int[] valueShape)
    {
        var value = new Value(Invariant($"value_{_values++}"), valueShape);
        _nodes[value.Name] = node;
        return value;
    }

    /// <summary>The same thing under another shape.</summary>
    private static Value Same(Value value, params int[] valueShape) => new(value.Name, valueShape);

    private static LaunchMatrix Widened(LaunchWriter writer, LaunchMatrix rows, int width)
    {
        var wide = writer.Matrix(rows.Buffer.Name, rows.RowCount, width);
        writer.Add(new WidenOperation(rows, wide));
        return wide;
    }

    /// <summary>A map with the bias at work, or about to be.</summary>
    private LaunchNode Convolved(Value map, string weights, int outChannels, int kernel, int stride, int before, int after)
    {
        switch (_nodes[map.Name])
        {
            case LaunchNode.Doubled doubled:
                return Phases(doubled.Source, weights, outChannels);
            case LaunchNode.Fed fed:
                var dense = Widened(writer, fed.Rows, fed.Rows.Width);
                return Windows(dense, weights, fed.Rows.Width, outChannels, new WindowShape(fed.Images, fed.Side, kernel, stride, before, after));
            case LaunchNode.Unbiased unbiased when before == 0 && after == 1:
                // Nobody else reads this map, so that it is written with its border at once.
                var padded = writer.Map("padded", unbiased.Map.Images, unbiased.Map.Side + 1, unbiased.Map.Channels);
                writer.Add(new AddBiasOperation(unbiased.Map, unbiased.Bias, unbiased.Residual, padded, null));
                var halved = Raw(padded, weights, map[1], outChannels, new WindowShape(padded.Images, padded.Side, kernel, stride, 0, 0));
                return new LaunchNode.Unbiased(halved, FloatBias(weights, outChannels), null);
        }

        var source = Memory(map, withSums: false).Map;
        var window = new WindowShape(source.Images, source.Side, kernel, stride, before, after);
        return source.Channels < FewChannels || before != after
            ? Windows(source.Rows, weights, map[1], outChannels, window)
            : new LaunchNode.Unbiased(Raw(source, weights, map[1], outChannels, window), FloatBias(weights, outChannels), null);
    }

    /// <summary>A convolution without bias, by cuDNN.</summary>
    private LaunchMap Raw(LaunchMap source, string weights, int inChannels, int outChannels, WindowShape window)
    {
        var (kernel, paddedOut) = (window.Kernel, Padded(outChannels));
        var row = kernel * kernel * source.Channels;
        var w = writer.Weight(
            weights + ".weight",
            (long)paddedOut * row,
            WeightRecipes.Convolution(weights + ".weight", outChannels, inChannels, kernel, paddedOut, source.Channels, row)
        );
        var y = writer.Map(weights, source.Images, window.OutSide, paddedOut);
        writer.Add(new ConvolutionOperation(source.Rows, w.Rows(row), y.Rows, window));
        return y;
    }

    /// <summary>A convolution with bias as a product of its windows.</summary>
    private LaunchNode.InMemory Windows(LaunchMatrix source, string weights, int inChannels, int outChannels, WindowShape window)
    {
        var (kernel, paddedOut) = (window.Kernel, Padded(outChannels));
        var row = Padded(kernel * kernel * source.Width);
        var windows = writer.Matrix(weights + " windows", window.Images * window.OutSide * window.OutSide, row);
        writer.Add(new GatherWindowsOperation(source, windows, window));
        var w = writer.Weight(
            weights + ".weight",
            (long)paddedOut * row,
            WeightRecipes.Convolution(weights + ".weight", outChannels, inChannels, kernel, paddedOut, source.Width, row)
        );
        var y = writer.Map(weights, window.Images, window.OutSide, paddedOut);
        writer.Add(new ProductOperation(windows, w.Rows(row), y.Rows, Bias(weights, outChannels)));
        return new LaunchNode.InMemory(y);
    }

    /// <summary>A 3x3 convolution of a doubled map: four of 2x2 at the map's own size, 16 multiplications in the place of 36.</summary>
    private LaunchNode.InMemory Phases(Value map, string weights, int outChannels)
    {
        var source = Memory(map, withSums: false).Map;
        var window = new WindowShape(source.Images, source.Side, 2, 1, 1, 1);
        var row = 4 * source.Channels;
        var w = writer.Weight(weights + ".phases", 4L * outChannels * row, WeightRecipes.Phases(weights + ".weight", outChannels, map[1])).Rows(row);
        var phases = writer.Matrix(weights + " phases", source.Images * window.OutSide * window.OutSide, 4 * outChannels);
        if (outChannels >= ManyPhaseChannels)
        {
            var windows = writer.Matrix(weights + " windows", phases.RowCount, row);
            writer.Add(new GatherWindowsOperation(source.Rows, windows, window));
            writer.Add(new ProductOperation(windows, w, phases));
        }
        else
        {
            writer.Add(new ConvolutionOperation(source.Rows, w, phases, window));
        }

        var y = writer.Map(weights, source.Images, 2 * source.Side, outChannels);
        var sums = ChannelSums.For(y, weights + " sums", LaunchBufferKind.Scratch);
        writer.Add(new InterleavePhasesOperation(phases, FloatBias(weights, outChannels), y, sums));
        return new LaunchNode.InMemory(y, sums);
    }

    private Value Norm(Value map, string weights, int groups, float epsilon, int? clips, bool silu)
    {
        var sources = Sources(map, withSums: true);
        var images = sources.Max(source => source.Map.Images);
        var unit = clips is null ? 1 : shape.Frames;
        var channels = sources.Sum(source => source.Map.Channels);
        var coefficients = LaunchWriter.Floats(weights, 2L * (images / unit) * channels);
        writer.Add(
            new NormCoefficientsOperation(
                [.. sources.Select(source => new NormSource(source.Map, source.Sums!))],
                images,
                unit,
                groups,
                epsilon,
                writer.FloatWeight(weights + ".weight", channels, WeightRecipes.Plain(weights + ".weight", channels)),
                FloatBias(weights, channels),
                sources[0].Offset,
                coefficients,
                FrameCountOf(unit)
            )
        );
        var y = writer.Map(weights, images, sources[0].Map.Side, channels);
        writer.Add(new ApplyNormOperation([.. sources.Select(source => source.Map)], coefficients, unit, silu, y));
        return New(new LaunchNode.InMemory(y), map[0], map[1], map[2], map[3]);
    }

    /// <summary>The maps that a value consists of: one, or two side by side.</summary>
    private List<LaunchNode.InMemory> Sources(Value value, bool withSums = false) =>
        _nodes[value.Name] is LaunchNode.Joined joined
            ? [Memory(joined.Left, withSums), Memory(joined.Right, withSums)]
            : [Memory(value, withSums, keepOffset: true)];

    /// <summary>The value in memory; what is missing is written down now.</summary>
    private LaunchNode.InMemory Memory(Value value, bool withSums, bool keepOffset = false)
    {
        var node = _nodes[value.Name] switch
        {
            LaunchNode.InMemory known => known,
            LaunchNode.Unbiased unbiased => Biased(unbiased, withSums),
            LaunchNode.Pointwise pointwise => Computed(pointwise),
            LaunchNode.Attention attention => new LaunchNode.InMemory(SelfAttended(attention)),
            LaunchNode.AttentionSum sum => new LaunchNode.InMemory(Summed(sum)),
            LaunchNode.LayerNorm norm => new LaunchNode.InMemory(Normed(norm)),
            var other => throw new InvalidOperationException($"A {other.GetType().Name} cannot be used alone here."),
        };
        if (node.Offset is not null && !keepOffset)
        {
            throw new InvalidOperationException("Only a group norm may follow a convolution with the time.");
        }

        if (withSums && node.Sums is null)
        {
            node = node with { Sums = ChannelSums.For(node.Map, node.Map.Buffer.Name + " sums", LaunchBufferKind.Scratch) };
            writer.Add(new ChannelSumsOperation(node.Map, node.Sums));
        }

        _nodes[value.Name] = node;
        return node;
    }

    private LaunchNode.InMemory Biased(LaunchNode.Unbiased unbiased, bool withSums)
    {
        var y = writer.Map(unbiased.Map.Buffer.Name, unbiased.Map.Images, unbiased.Map.Side, unbiased.Map.Channels);
        var sums = withSums || unbiased.Map.Channels >= FewChannels ? ChannelSums.For(y, y.Buffer.Name + " sums", LaunchBufferKind.Scratch) : null;
        writer.Add(new AddBiasOperation(unbiased.Map, unbiased.Bias, unbiased.Residual, y, sums));
        return new LaunchNode.InMemory(y, sums);
    }

    private LaunchNode.InMemory Computed(LaunchNode.Pointwise pointwise)
    {
        var source = _nodes[pointwise.Source.Name] is LaunchNode.Fed fed
            ? new LaunchMap(Widened(writer, fed.Rows, Padded(fed.Rows.Width)).Buffer, fed.Images, fed.Side, Padded(fed.Rows.Width))
            : Memory(pointwise.Source, withSums: false).Map;
        var y = writer.Map(pointwise.Weights, source.Images, source.Side, Padded(pointwise.OutChannels));
        writer.Add(new ProductOperation(source.Rows, PointwiseWeights(pointwise), y.Rows, Bias(pointwise.Weights, pointwise.OutChannels)));
        return new LaunchNode.InMemory(y);
    }

    private LaunchMatrix PointwiseWeights(LaunchNode.Pointwise pointwise)
    {
        var (weights, inPadded, outPadded) = (pointwise.Weights + ".weight", Padded(pointwise.InChannels), Padded(pointwise.OutChannels));
        var recipe = WeightRecipes.Convolution(weights, pointwise.OutChannels, pointwise.InChannels, 1, outPadded, inPadded, inPadded);
        return writer.Weight(weights, (long)outPadded * inPadded, recipe).Rows(inPadded);
    }

    private LaunchBuffer Bias(string weights, int count) =>
        writer.Weight(weights + ".bias", Padded(count), WeightRecipes.Padded(weights + ".bias", count, Padded(count)));

    private LaunchBuffer FloatBias(string weights, int count) =>
        writer.FloatWeight(weights + ".bias", Padded(count), WeightRecipes.Padded(weights + ".bias", count, Padded(count)));
}
