using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <summary>
/// Graphs for a device that prefers channels last: a map is [images, height, width, channels], so that pixels as tokens
/// and statistics over a clip are the same memory under another shape. Operators that cut tensors are not used: ONNX Runtime's
/// Slice for CUDA crashes in the packages this program builds on (1.29). float16 or float32; ONNX Runtime's fused operators where their kernels take the size,
/// else operators of the standard, which also run on a CPU.
/// </summary>
/// <param name="writer">The graph being written.</param>
/// <param name="type">Type of maps, tokens and weights.</param>
/// <param name="useFused">Whether ONNX Runtime's CUDA operators are there.</param>
internal sealed partial class CudaDialect(DeviceGraphWriter writer, DeviceDataType type, bool useFused) : NetworkDialect(writer.Graph)
{
    private const int ChannelUnit = 8;
    private const int AttentionTile = 64;

    // In float16, and far enough below every score that the weight is zero.
    private const float Unseen = -30000;

    // The fused operators have kernels for these alone.
    private static readonly int[] BiasAddWidths = [320, 640, 1280];
    private static readonly int[] SplitGeluWidths = [1280, 2560, 5120];
    private const int MostFusedGroups = 32;

    private static readonly int[] SwapMiddleAxes = [0, 2, 1, 3];

    // Maps that were fed, with their channels filled up.
    private readonly HashSet<string> _fed = new(StringComparer.Ordinal);

    // Maps that still lack the vector of their clip.
    private readonly Dictionary<string, Value> _vectors = new(StringComparer.Ordinal);

    /// <summary>Channels that a map of so many channels has when it is fed to a graph: filled up to what tensor cores work on.</summary>
    public static int Padded(int channels) => (channels + ChannelUnit - 1) / ChannelUnit * ChannelUnit;

    /// <summary>How many pixels' frames form one sequence of temporal attention: a power of two that divides the number of pixels.</summary>
    public static int SharedPixels(int frames, int pixels)
    {
        var shared = 1;
        while (2 * shared * frames <= AttentionTile && pixels % (2 * shared) == 0)
        {
            shared *= 2;
        }

        return shared;
    }

    public override Value MapInput(string name, int channels, int height, int width)
    {
        writer.Input(name, type, -1, height, width, Padded(channels));
        _fed.Add(name);
        return new Value(name, -1, channels, height, width);
    }

    public override Value TokenInput(string name, int sequences, int tokens, int width) => writer.Input(name, type, sequences, tokens, width);

    public override Value VectorInput(string name, int width) => writer.Input(name, type, 1, width);

    /// <summary>Declares vectors [count, width] that the caller feeds.</summary>
    public Value VectorsInput(string name, int count, int width) => writer.Input(name, type, count, width);

    public override void MapOutput(string name, Value map) => writer.Output(name, Physical(map), type);

    public override void TokenOutput(string name, Value tokens) => writer.Output(name, tokens, type);

    public override Value Convolution(
        Value map,
        string weights,
        int outChannels,
        int kernel,
        (int Down, int Across) stride,
        (int Top, int Left, int Bottom, int Right) padding
    ) => Convolution(map, weights, outChannels, kernel, stride, padding, withBias: true);

    public override Value TokenConvolution(Value tokens, string weights, int outWidth, int kernel, int stride) => throw OnTheCpu();

    public override Value GroupNorm(Value map, string weights, int groups, float epsilon, int? clips) =>
        Norm(map, weights, groups, epsilon, clips, silu: false);

    public override Value GroupNormSilu(Value map, string weights, int groups, float epsilon, int? clips) =>
        Norm(map, weights, groups, epsilon, clips, silu: true);

    public override Value Silu(Value value) => Like(value, "Mul", value, Like(value, "Sigmoid", value));

    public override Value Relu(Value value) => Like(value, "Relu", value);

    public override Value Gelu(Value value) => Like(value, "Gelu", value);

    public override Value Add(Value left, Value right) => Like(left, "Add", left, right);

    public override Value AddVector(Value map, Value vector) => throw OnTheCpu();

    /// <remarks>The vector holds the projection and the convolution's bias, and comes ready made, one row for each clip.</remarks>
    public override Value TimeConvolution(Value map, string weights, int outChannels, Value time, string projection)
    {
        var convolved = Convolution(map, weights, outChannels, 3, (1, 1), (1, 1, 1, 1), withBias: false);
        _vectors[convolved.Name] = time;
        return convolved;
    }

    public override Value Concatenate(Value left, Value right) =>
        new(
            Graph.Node("Concat", [left[0], left[2], left[3], left[1] + right[1]], [left, right], [("axis", 3)]).Name,
            left[0],
            left[1] + right[1],
            left[2],
            left[3]
        );

    /// <remarks>A pixel twice in a row is its channels twice, and a row twice is its pixels twice: both are joins of memory.</remarks>
    public override Value UpsampleNearest(Value map)
    {
        var (channels, height, width) = (map[1], map[2], map[3]);
        var pixels = Physical(map);
        var wide = Graph.Node("Concat", [map[0], height, width, 2 * channels], [pixels, pixels], [("axis", 3)]);
        var rows = Reshape(wide, map[0], height, 2 * width * channels);
        var high = Graph.Node("Concat", [map[0], height, 4 * width * channels], [rows, rows], [("axis", 2)]);
        return AsMap(Reshape(high, map[0], 2 * height, 2 * width, channels));
    }

    public override Value AddConvolution(Value map, string weights, Value skip)
    {
        var convolved = Convolution(map, weights, skip[1], 3, (1, 1), (1, 1, 1, 1), withBias: false);
        var sum = AddBias(Rows(SpatialTokens(convolved)), weights, Rows(SpatialTokens(skip)));
        return AsMap(Reshape(sum, skip[0], skip[2], skip[3], skip[1]));
    }

    private static NotSupportedException OnTheCpu() => new("No network that runs on a device uses this word.");

    /// <summary>The shape that a map has in memory.</summary>
    private Value Physical(Value map) => new(map.Name, map[0], map[2], map[3], _fed.Contains(map.Name) ? Padded(map[1]) : map[1]);

    private static Value AsMap(Value physical) => new(physical.Name, physical[0], physical[3], physical[1], physical[2]);

    private Value Like(Value shape, string operatorType, params Value[] inputs) => Graph.Node(operatorType, shape.Shape, inputs);

    private Value Rows(Value tokens) => Reshape(tokens, -1, tokens[^1]);

    private Value Convolution(
        Value map,
        string weights,
        int outChannels,
        int kernel,
        (int Down, int Across) stride,
        (int Top, int Left, int Bottom, int Right) padding,
        bool withBias
    )
    {
        var (top, left, bottom, right) = padding;
        var (height, width) = (((map[2] + top + bottom - kernel) / stride.Down) + 1, ((map[3] + left + right - kernel) / stride.Across) + 1);
        var inPadded = Physical(map)[^1];
        var weight = Weight(
            weights + ".weight",
            DeviceWeightKind.Convolution,
            type,
            [outChannels, kernel, kernel, inPadded],
            (weights + ".weight", [outChannels, map[1], kernel, kernel])
        );
        (string, object)[] attributes =
        [
            ("kernel_shape", new[] { kernel, kernel }),
            ("strides", new[] { stride.Down, stride.Across }),
            ("pads", new[] { top, left, bottom, right }),
        ];
        int[] shape = [map[0], height, width, outChannels];
        var convolved = useFused
            ? Graph.Node("NhwcConv", shape, [map, weight], attributes, GraphWriter.MicrosoftDomain)
            : Move(
                Graph.Node("Conv", [map[0], outChannels, height, width], [Move(Physical(map), 0, 3, 1, 2), Move(weight, 0, 3, 1, 2)], attributes),
                0,
                2,
                3,
                1
            );

        // cuDNN's own pass for the bias is slow, and its fused kernels take seconds to compile.
        convolved = withBias ? Like(convolved, "Add", convolved, Bias(weights, outChannels)) : convolved;
        return new Value(convolved.Name, map[0], outChannels, height, width);
    }

    private Value Move(Value value, params int[] order) => Graph.Node("Transpose", [.. order.Select(axis => value[axis])], [value], [("perm", order)]);

    private Value Norm(Value map, string weights, int groups, float epsilon, int? clips, bool silu)
    {
        var (channels, physical) = (map[1], Physical(map));
        var input = clips is { } count ? Reshape(physical, count, -1, map[3], channels) : physical;
        var (scale, shift) = (
            Weight(weights + ".weight", DeviceWeightKind.Plain, DeviceDataType.Float32, [channels], (weights + ".weight", [channels])),
            Weight(weights + ".bias", DeviceWeightKind.Plain, DeviceDataType.Float32, [channels], (weights + ".bias", [channels]))
        );
        var hasVector = _vectors.Remove(map.Name, out var vector);
        Value normed;
        if (useFused && groups <= MostFusedGroups && channels / groups % 2 == 0)
        {
            normed = Graph.Node(
                hasVector ? "SkipGroupNorm" : "GroupNorm",
                input.Shape,
                hasVector ? [input, scale, shift, vector!] : [input, scale, shift],
                [("epsilon", epsilon), ("groups", groups), ("activation", silu ? 1 : 0), ("channels_last", 1)],
                GraphWriter.MicrosoftDomain
            );
        }
        else
        {
            input = hasVector ? Like(input, "Add", input, Reshape(vector!, vector![0], 1, 1, channels)) : input;
            normed = PlainGroupNorm.Write(writer, input, scale, shift, groups, epsilon, type);
            normed = silu ? Silu(normed) : normed;
        }

        return AsMap(Reshape(normed, physical.Shape));
    }

    /// <summary>Tokens times a weight, as rows [tokens, width], without the bias.</summary>
    private Value Product(Value tokens, string weights, int outWidth, bool isConvolution = false)
    {
        var rows = Rows(tokens);
        int[] stored = isConvolution ? [outWidth, rows[1], 1, 1] : [outWidth, rows[1]];
        var weight = Weight(weights + ".weight", DeviceWeightKind.Plain, type, [outWidth, rows[1]], (weights + ".weight", stored));
        return Graph.Node("Gemm", [rows[0], outWidth], [rows, weight], [("transB", 1)]);
    }

    private (Value Tokens, Value Normed) ProductNorm(Value tokens, string weights, string norm, bool isConvolution)
    {
        // The operator adds a second input before it normalises; a bias that is repeated for every row is one.
        var width = tokens[^1];
        var product = Product(tokens, weights, width, isConvolution);
        return SkipNorm(Reshape(product, product[0], 1, width), Reshape(Bias(weights, width), 1, 1, width), norm, tokens.Shape);
    }

    private (Value Tokens, Value Normed) SkipNorm(Value rows, Value skip, string norm, int[] shape, params Value[] bias)
    {
        var width = rows[^1];
        var (normed, sum) = Graph.NodeWithTwoOutputs(
            "SkipLayerNormalization",
            3,
            rows.Shape,
            [rows, skip, Vector(norm + ".weight", width), Vector(norm + ".bias", width), .. bias],
            ("epsilon", LayerNormEpsilon)
        );
        return (Reshape(sum, shape), Reshape(normed, shape));
    }

    /// <summary>Rows plus a bias plus other rows.</summary>
    private Value AddBias(Value rows, string weights, Value skip)
    {
        var width = rows[^1];
        var bias = Bias(weights, width);
        return useFused && BiasAddWidths.Contains(width)
            ? Reshape(
                Graph.Node("BiasAdd", [1, -1, width], [Reshape(rows, 1, -1, width), bias, Reshape(skip, 1, -1, width)], [], GraphWriter.MicrosoftDomain),
                -1,
                width
            )
            : Like(rows, "Add", Like(rows, "Add", rows, bias), skip);
    }

    private Value Bias(string weights, int width) => Vector(weights + ".bias", width);

    private Value Vector(string name, int width) => Weight(name, DeviceWeightKind.Plain, type, [width], (name, [width]));

    private Value Reshape(Value value, params int[] shape) => writer.Reshape(value, shape);

    private Value Weight(string name, DeviceWeightKind kind, DeviceDataType weightType, int[] shape, params (string Name, int[] Shape)[] stored) =>
        writer.Weight(name, kind, weightType, shape, stored);
}
