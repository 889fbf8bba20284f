using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cpu;

/// <summary>
/// float32, maps as [images, channels, height, width], operators of the ONNX standard. Attention is the exception:
/// ONNX Runtime's own operator has a tiled CPU kernel, so that a 64x64 latent never holds its 4096x4096 scores.
/// </summary>
internal class CpuDialect(GraphWriter graph) : NetworkDialect
{
    /// <summary>Writes a graph for the CPU.</summary>
    public static readonly DialectFactory Factory = graph => new CpuDialect(graph);

    private const float LayerNormEpsilon = 1e-5f;

    // ONNX marks an optional input that is not given by an empty name.
    private static readonly Value Absent = new(string.Empty);

    public override Value MapInput(string name, int channels, int height, int width) => graph.Input(name, -1, channels, height, width);

    public override Value TokenInput(string name, int sequences, int tokens, int width) => graph.Input(name, sequences, tokens, width);

    public override Value VectorInput(string name, int width) => graph.Input(name, 1, width);

    public override void MapOutput(string name, Value map) => graph.Output(name, map);

    public override void TokenOutput(string name, Value tokens) => graph.Output(name, tokens);

    public override Value Convolution(
        Value map,
        string weights,
        int outChannels,
        int kernel,
        (int Down, int Across) stride,
        (int Top, int Left, int Bottom, int Right) padding
    )
    {
        var (top, left, bottom, right) = padding;
        return Node(
            "Conv",
            [map[0], outChannels, ((map[2] + top + bottom - kernel) / stride.Down) + 1, ((map[3] + left + right - kernel) / stride.Across) + 1],
            [map, graph.Weight(weights + ".weight", outChannels, map[1], kernel, kernel), graph.Weight(weights + ".bias", outChannels)],
            [("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride.Down, stride.Across }), ("pads", new[] { top, left, bottom, right })]
        );
    }

    public override Value TokenConvolution(Value tokens, string weights, int outWidth, int kernel, int stride)
    {
        var pad = kernel / 2;
        var length = ((tokens[1] + (2 * pad) - kernel) / stride) + 1;
        var convolved = Node(
            "Conv",
            [tokens[0], outWidth, length],
            [SwapLastAxes(tokens), graph.Weight(weights + ".weight", outWidth, tokens[2], kernel), graph.Weight(weights + ".bias", outWidth)],
            [("kernel_shape", new[] { kernel }), ("strides", new[] { stride }), ("pads", new[] { pad, pad })]
        );
        return SwapLastAxes(convolved);
    }

    /// <remarks>
    /// Instance normalisation over [images or clips, groups, everything else]. For statistics over a clip the frames
    /// are first moved behind the groups, which copies whole rows of memory and is cheap.
    /// </remarks>
    public override Value GroupNorm(Value map, string weights, int groups, float epsilon, int? clips)
    {
        var (channels, height, width) = (map[1], map[2], map[3]);
        var groupSize = channels / groups * height * width;
        Value normalized;
        if (clips is { } each)
        {
            var count = Clips(map, each);
            var grouped = Transpose(Reshape(map, count, -1, groups, groupSize), 0, 2, 1, 3);
            normalized = Transpose(Reshape(Normalize(Reshape(grouped, count, groups, -1)), count, groups, -1, groupSize), 0, 2, 1, 3);
        }
        else
        {
            normalized = Normalize(Reshape(map, -1, groups, groupSize));
        }

        normalized = Reshape(normalized, -1, channels, height, width);
        var scaled = Node("Mul", normalized.Shape, [normalized, PerChannel(weights + ".weight", channels)]);
        return Node("Add", scaled.Shape, [scaled, PerChannel(weights + ".bias", channels)]);

        Value Normalize(Value grouped) =>
            Node(
                "InstanceNormalization",
                grouped.Shape,
                [grouped, graph.Vector(Enumerable.Repeat(1f, groups).ToArray()), graph.Vector(new float[groups])],
                [("epsilon", epsilon)]
            );
    }

    public override Value Silu(Value value) => Node("Mul", value.Shape, [value, Node("Sigmoid", value.Shape, [value])]);

    public override Value Relu(Value value) => Node("Relu", value.Shape, [value]);

    public override Value Gelu(Value value) => Node("Gelu", value.Shape, [value], [("approximate", "none")]);

    public override Value Add(Value left, Value right) => Node("Add", left.Shape, [left, right]);

    public override Value AddVector(Value map, Value vector) => Node("Add", map.Shape, [map, Reshape(vector, 1, map[1], 1, 1)]);

    public override Value Concatenate(Value left, Value right) => Node("Concat", [left[0], left[1] + right[1], left[2], left[3]], [left, right], [("axis", 1)]);

    public override Value UpsampleNearest(Value map) =>
        Node(
            "Resize",
            [map[0], map[1], 2 * map[2], 2 * map[3]],
            [map, Absent, graph.Vector(1, 1, 2, 2)],
            [("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")]
        );

    public override Value SpatialTokens(Value map) => SwapLastAxes(Reshape(map, map[0], map[1], map[2] * map[3]));

    public override Value FromSpatialTokens(Value tokens, int height, int width) => Reshape(SwapLastAxes(tokens), tokens[0], tokens[2], height, width);

    public override Value TemporalTokens(Value map, int clips)
    {
        var (channels, pixels) = (map[1], map[2] * map[3]);
        clips = Clips(map, clips);
        return Reshape(Transpose(Reshape(map, clips, -1, channels, pixels), 0, 3, 1, 2), clips * pixels, -1, channels);
    }

    public override Value FromTemporalTokens(Value tokens, int clips, int height, int width)
    {
        var channels = tokens[2];
        clips = Clips(tokens, clips);
        return Reshape(Transpose(Reshape(tokens, clips, height * width, -1, channels), 0, 2, 3, 1), -1, channels, height, width);
    }

    public override Value AddPositions(Value tokens, string table, int tableLength)
    {
        var length = Node("Shape", [1], [tokens], [("start", 1), ("end", 2)]);
        var rows = Node("Slice", [1, -1, tokens[2]], [graph.Weight(table, 1, tableLength, tokens[2]), graph.Constant(0), length, graph.Constant(1)]);
        return Add(tokens, rows);
    }

    public override Value AddTable(Value tokens, string table) => Add(tokens, graph.Weight(table, tokens[1], tokens[2]));

    /// <remarks>Gemm takes the weight as it is stored and adds the bias; a MatMul would need it transposed.</remarks>
    public override Value Linear(Value tokens, string weights, int outWidth, bool bias)
    {
        var inWidth = tokens[^1];
        var rows = tokens.Rank == 2 ? tokens : Reshape(tokens, -1, inWidth);
        Value[] inputs = [rows, graph.Weight(weights + ".weight", outWidth, inWidth)];
        var product = Node("Gemm", [rows[0], outWidth], bias ? [.. inputs, graph.Weight(weights + ".bias", outWidth)] : inputs, [("transB", 1)]);
        return tokens.Rank == 2 ? product : Reshape(product, [.. tokens.Shape[..^1], outWidth]);
    }

    public override Value LayerNorm(Value tokens, string weights) =>
        Node(
            "LayerNormalization",
            tokens.Shape,
            [tokens, graph.Weight(weights + ".weight", tokens[^1]), graph.Weight(weights + ".bias", tokens[^1])],
            [("axis", -1), ("epsilon", LayerNormEpsilon)]
        );

    public override Value Attention(Value query, Value key, Value value, int heads) =>
        Node("MultiHeadAttention", query.Shape, [query, key, value], [("num_heads", heads)], GraphWriter.MicrosoftDomain);

    public override Value AddBias(Value tokens, string weights) => Add(tokens, graph.Weight(weights + ".bias", tokens[^1]));

    public override Value GatedGelu(Value tokens)
    {
        var half = tokens[^1] / 2;
        int[] shape = [.. tokens.Shape[..^1], half];
        var values = Node("Slice", shape, [tokens, graph.Constant(0), graph.Constant(half), graph.Constant(-1)]);
        var gates = Node("Slice", shape, [tokens, graph.Constant(half), graph.Constant(2 * half), graph.Constant(-1)]);
        return Node("Mul", shape, [values, Gelu(gates)]);
    }

    public override Value StackBeforeWidth(IReadOnlyList<Value> tokens)
    {
        var first = tokens[0];
        int[] shape = [first[0], first[1], 1, first[2]];
        return Node("Concat", [first[0], first[1], tokens.Count, first[2]], [.. tokens.Select(value => Reshape(value, shape))], [("axis", 2)]);
    }

    /// <summary>Adds a node to the graph.</summary>
    protected virtual Value Node(string operatorType, int[] shape, Value[] inputs, (string Name, object Value)[]? attributes = null, string domain = "") =>
        graph.Node(operatorType, shape, inputs, attributes, domain);

    /// <summary>How many clips a value is of.</summary>
    /// <param name="value">A map or tokens.</param>
    /// <param name="clips">How many came in.</param>
    protected virtual int Clips(Value value, int clips) => clips;

    /// <summary>The same numbers under another shape.</summary>
    protected Value Reshape(Value value, params int[] shape) => Node("Reshape", shape, [value, Constant([.. shape.Select(length => (long)length)])]);

    /// <summary>A vector of integers, as shapes and axes are given.</summary>
    protected Value Constant(params ReadOnlySpan<long> values) => graph.Constant(values);

    private Value PerChannel(string weight, int channels) => Reshape(graph.Weight(weight, channels), channels, 1, 1);

    private Value Transpose(Value value, params int[] order) => Node("Transpose", [.. order.Select(axis => value[axis])], [value], [("perm", order)]);

    private Value SwapLastAxes(Value value) => Transpose(value, 0, 2, 1);
}
