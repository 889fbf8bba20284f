using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <content>Tokens: transformers and motion modules.</content>
internal sealed partial class CudaDialect
{
    public override Value SpatialTokens(Value map) => Reshape(Physical(map), map[0], map[2] * map[3], map[1]);

    public override Value FromSpatialTokens(Value tokens, int height, int width) => AsMap(Reshape(tokens, tokens[0], height, width, tokens[2]));

    public override Value TemporalTokens(Value map, int clips)
    {
        var (channels, pixels) = (map[1], map[2] * map[3]);
        var swapped = Graph.Node("Transpose", [clips, pixels, -1, channels], [Reshape(Physical(map), clips, -1, pixels, channels)], [("perm", SwapMiddleAxes)]);
        return Reshape(swapped, clips * pixels, -1, channels);
    }

    public override Value FromTemporalTokens(Value tokens, int clips, int height, int width)
    {
        var (channels, pixels) = (tokens[^1], height * width);
        var swapped = Graph.Node("Transpose", [clips, -1, pixels, channels], [Reshape(tokens, clips, pixels, -1, channels)], [("perm", SwapMiddleAxes)]);
        return AsMap(Reshape(swapped, -1, height, width, channels));
    }

    public override Value AddPositions(Value tokens, string table, int tableLength)
    {
        var width = tokens[2];
        return Like(tokens, "Add", tokens, Weight(table, DeviceWeightKind.Plain, type, [1, tokens[1], width], (table, [1, tableLength, width])));
    }

    public override Value AddTable(Value tokens, string table) => throw OnTheCpu();

    public override Value Linear(Value tokens, string weights, int outWidth, bool bias)
    {
        var product = Product(tokens, weights, outWidth);
        product = bias ? Like(product, "Add", product, Bias(weights, outWidth)) : product;
        return Reshape(product, [.. tokens.Shape[..^1], outWidth]);
    }

    public override Value LayerNorm(Value tokens, string weights) =>
        Graph.Node(
            "LayerNormalization",
            tokens.Shape,
            [tokens, Vector(weights + ".weight", tokens[^1]), Vector(weights + ".bias", tokens[^1])],
            [("axis", -1), ("epsilon", LayerNormEpsilon)]
        );

    public override (Value Tokens, Value Normed) PointwiseNorm(Value map, string weights, string norm) =>
        ProductNorm(SpatialTokens(map), weights, norm, isConvolution: true);

    public override (Value Tokens, Value Normed) LinearNorm(Value tokens, string weights, string norm) =>
        ProductNorm(tokens, weights, norm, isConvolution: false);

    public override Value AddPointwise(Value tokens, string weights, Value map)
    {
        var width = tokens[^1];
        var sum = AddBias(Product(tokens, weights, width, isConvolution: true), weights, Rows(SpatialTokens(map)));
        return AsMap(Reshape(sum, map[0], map[2], map[3], width));
    }

    public override Value AddLinear(Value tokens, string weights, Value skip) =>
        Reshape(AddBias(Product(tokens, weights, skip[^1]), weights, Rows(skip)), skip.Shape);

    public override Value AddTemporal(Value tokens, string weights, int clips, Value map)
    {
        var width = tokens[^1];
        var product = Reshape(Product(tokens, weights, width), tokens.Shape);
        var moved = Rows(SpatialTokens(FromTemporalTokens(product, clips, map[2], map[3])));
        return AsMap(Reshape(AddBias(moved, weights, Rows(SpatialTokens(map))), map[0], map[2], map[3], width));
    }

    public override (Value Tokens, Value Normed) AddLinearNorm(Value tokens, string weights, Value skip, string norm, string? alsoBias = null)
    {
        var width = skip[^1];
        var bias = alsoBias is null
            ? Bias(weights, width)
            : Weight(weights + ".bias_sum", DeviceWeightKind.Sum, type, [width], (weights + ".bias", [width]), (alsoBias + ".bias", [width]));
        return SkipNorm(Product(tokens, weights, width), Rows(skip), norm, skip.Shape, bias);
    }

    public override Value GatedGeluLinear(Value tokens, string weights, int width)
    {
        if (useFused && SplitGeluWidths.Contains(width))
        {
            var product = Product(tokens, weights, 2 * width);
            var fused = Graph.Node(
                "BiasSplitGelu",
                [1, product[0], width],
                [Reshape(product, 1, product[0], 2 * width), Bias(weights, 2 * width)],
                [],
                GraphWriter.MicrosoftDomain
            );
            return Reshape(fused, [.. tokens.Shape[..^1], width]);
        }

        var (values, gates) = (Half(0), Half(1));
        return Reshape(Like(values, "Mul", values, Gelu(gates)), [.. tokens.Shape[..^1], width]);

        Value Half(int index)
        {
            var rows = Rows(tokens);
            var name = Invariant($"{weights}.half{index}");
            var weight = writer.Weight(
                new DeviceWeight(name + ".weight", DeviceWeightKind.Half, type, [width, rows[1]], (weights + ".weight", [2 * width, rows[1]])) { Half = index }
            );
            var bias = writer.Weight(new DeviceWeight(name + ".bias", DeviceWeightKind.Half, type, [width], (weights + ".bias", [2 * width])) { Half = index });
            var half = Graph.Node("Gemm", [rows[0], width], [rows, weight], [("transB", 1)]);
            return Like(half, "Add", half, bias);
        }
    }

    public override Value GatedGelu(Value tokens) => throw OnTheCpu();

    /// <remarks>
    /// Flash attention has no kernel for the VAE's single head of 512; the one that ONNX Runtime takes instead is four
    /// times slower than two products and a softmax.
    /// </remarks>
    public override Value Attention(Value query, Value key, Value value, int heads)
    {
        if (heads > 1)
        {
            return Graph.Node("MultiHeadAttention", query.Shape, [query, key, value], [("num_heads", heads)], GraphWriter.MicrosoftDomain);
        }

        int[] shape = [query[0], query[1], key[1]];
        var scores = Graph.Node("FusedMatMul", shape, [query, key], [("transB", 1), ("alpha", 1 / MathF.Sqrt(query[^1]))], GraphWriter.MicrosoftDomain);
        return Graph.Node("MatMul", query.Shape, [Graph.Node("Softmax", shape, [scores], [("axis", -1)]), value]);
    }

    /// <remarks>
    /// Attention kernels work on tiles of 64 rows or more. Several pixels share one: their frames form one sequence, and a
    /// bias keeps them from seeing each other. Its weights become exactly zero, so nothing else changes.
    /// </remarks>
    public override Value TemporalAttention(Value query, Value key, Value value, int heads, int pixels)
    {
        var frames = query[1];
        var length = SharedPixels(frames, pixels) * frames;
        var bias = new float[length * length];
        for (var i = 0; i < bias.Length; i++)
        {
            bias[i] = i / length / frames == i % length / frames ? 0 : Unseen;
        }

        writer.HasShortAttention = true;
        var mask = writer.Constant("same_pixel", type, bias, 1, 1, length, length);
        var attended = Graph.Node(
            "MultiHeadAttention",
            [-1, length, query[2]],
            [Joined(query), Joined(key), Joined(value), Absent, Absent, mask],
            [("num_heads", heads)],
            GraphWriter.MicrosoftDomain
        );
        return Reshape(attended, query.Shape);

        Value Joined(Value tokens) => Reshape(tokens, -1, length, tokens[2]);
    }

    public override Value StackBeforeWidth(IReadOnlyList<Value> tokens) => throw OnTheCpu();
}
