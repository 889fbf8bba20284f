using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Launching.Operations.Norms;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.Launching;

/// <content>Tokens: transformers and motion modules.</content>
internal sealed partial class LaunchDialect
{
    /// <inheritdoc/>
    public override Value SpatialTokens(Value map) => Same(map, map[0], map[2] * map[3], map[1]);

    /// <inheritdoc/>
    public override Value FromSpatialTokens(Value tokens, int height, int width) => Same(tokens, tokens[0], tokens[2], height, width);

    /// <remarks>The tokens stay where they are; the attention between the frames takes them from there.</remarks>
    public override Value TemporalTokens(Value map, int clips) => Same(map, -1, shape.Frames, map[1]);

    /// <inheritdoc/>
    public override Value FromTemporalTokens(Value tokens, int clips, int height, int width) => Same(tokens, -1, tokens[^1], height, width);

    /// <inheritdoc/>
    public override Value AddPositions(Value tokens, string table, int tableLength) =>
        _nodes[tokens.Name] is LaunchNode.LayerNorm norm ? New(norm with { Positions = table, TableLength = tableLength }, tokens.Shape) : throw NotHere();

    /// <inheritdoc/>
    public override Value AddTable(Value tokens, string table) => throw NotHere();

    /// <inheritdoc/>
    public override Value Linear(Value tokens, string weights, int outWidth, bool bias) =>
        New(new LaunchNode.Linear(tokens, weights, outWidth, bias), [.. tokens.Shape[..^1], outWidth]);

    /// <inheritdoc/>
    public override Value LayerNorm(Value tokens, string weights) => New(new LaunchNode.LayerNorm(tokens, weights), tokens.Shape);

    /// <inheritdoc/>
    public override (Value Tokens, Value Normed) PointwiseNorm(Value map, string weights, string norm)
    {
        var tokens = SpatialTokens(New(new LaunchNode.Pointwise(map, weights, map[1], map[1]), map.Shape));
        return (tokens, LayerNorm(tokens, norm));
    }

    /// <inheritdoc/>
    public override (Value Tokens, Value Normed) LinearNorm(Value tokens, string weights, string norm)
    {
        var result = New(new LaunchNode.InMemory(Multiplied(Memory(tokens, withSums: false).Map, weights, tokens[^1], residual: null)), tokens.Shape);
        return (result, LayerNorm(result, norm));
    }

    /// <inheritdoc/>
    public override Value AddBias(Value tokens, string weights) => throw NotHere();

    /// <inheritdoc/>
    public override Value AddPointwise(Value tokens, string weights, Value map)
    {
        var width = tokens[^1];
        var w = PointwiseWeights(new LaunchNode.Pointwise(tokens, weights, width, width));
        return Added(tokens, w, weights, map, map.Shape);
    }

    /// <inheritdoc/>
    public override Value AddTemporal(Value tokens, string weights, int clips, Value map) =>
        Added(tokens, LinearWeights(weights, tokens[^1], map[1]), weights, map, map.Shape);

    /// <inheritdoc/>
    public override Value AddLinear(Value tokens, string weights, Value skip) =>
        _nodes[tokens.Name] is LaunchNode.Gated gated
            ? FeedForward(gated, weights, skip)
            : Added(tokens, LinearWeights(weights, tokens[^1], skip[^1]), weights, skip, skip.Shape);

    /// <inheritdoc/>
    public override (Value Tokens, Value Normed) AddLinearNorm(Value tokens, string weights, Value skip, string norm, string? alsoBias = null)
    {
        var sum = _nodes[tokens.Name] is LaunchNode.Attention attended
            ? New(new LaunchNode.AttentionSum(attended, weights, skip, alsoBias), skip.Shape)
            : throw NotHere();
        return (sum, LayerNorm(sum, norm));
    }

    /// <inheritdoc/>
    public override Value Attention(Value query, Value key, Value value, int heads) => New(Attending(query, key, value, heads, isTemporal: false), query.Shape);

    /// <inheritdoc/>
    public override Value TemporalAttention(Value query, Value key, Value value, int heads, int pixels) =>
        New(Attending(query, key, value, heads, isTemporal: true), query.Shape);

    /// <inheritdoc/>
    public override Value GatedGeluLinear(Value tokens, string weights, int width) =>
        New(new LaunchNode.Gated(tokens, weights, width), [.. tokens.Shape[..^1], width]);

    /// <inheritdoc/>
    public override Value GatedGelu(Value tokens) => throw NotHere();

    /// <inheritdoc/>
    public override Value StackBeforeWidth(IReadOnlyList<Value> tokens) => throw NotHere();

    private LaunchNode.Attention Attending(Value query, Value key, Value value, int heads, bool isTemporal) =>
        new((LaunchNode.Linear)_nodes[query.Name], (LaunchNode.Linear)_nodes[key.Name], (LaunchNode.Linear)_nodes[value.Name], heads, isTemporal);

    private LaunchMatrix LinearWeights(string weights, int inWidth, int outWidth) =>
        writer.Weight(weights + ".weight", (long)outWidth * inWidth, WeightRecipes.Plain(weights + ".weight", outWidth, inWidth)).Rows(inWidth);

    private LaunchMap Multiplied(LaunchMap source, string weights, int outWidth, LaunchMatrix? residual)
    {
        var y = writer.Map(weights, source.Images, source.Side, outWidth);
        writer.Add(new ProductOperation(source.Rows, LinearWeights(weights, source.Channels, outWidth), y.Rows, Bias(weights, outWidth), residual));
        return y;
    }

    /// <summary>A product with bias, added to a map. Where that has the images of one half only, it is added to both halves.</summary>
    private Value Added(Value tokens, LaunchMatrix w, string weights, Value skip, int[] valueShape)
    {
        var (x, residual) = (Memory(tokens, withSums: false).Map, Memory(skip, withSums: false).Map);
        var y = writer.Map(weights, x.Images, x.Side, residual.Channels);
        for (var row = 0; row < x.Rows.RowCount; row += residual.Rows.RowCount)
        {
            var count = residual.Rows.RowCount;
            writer.Add(new ProductOperation(x.Rows.RowRange(row, count), w, y.Rows.RowRange(row, count), Bias(weights, residual.Channels), residual.Rows));
        }

        return New(new LaunchNode.InMemory(y), valueShape);
    }

    /// <summary>Both layers of a feed-forward layer, slice by slice, plus the tokens before it.</summary>
    private Value FeedForward(LaunchNode.Gated gated, string weights, Value skip)
    {
        var (norm, residual) = ((LaunchNode.LayerNorm)_nodes[gated.Source.Name], Memory(skip, withSums: false).Map);
        var (source, width) = (Memory(norm.Source, withSums: false).Map, residual.Channels);
        var y = writer.Map(weights, residual.Images, residual.Side, width);
        foreach (var (first, count) in Slices(source, 2 * gated.Width))
        {
            var normed = NormedSlice(source, norm, first, count);
            var values = Gated(gated, normed);
            var w = LinearWeights(weights, gated.Width, width);
            writer.Add(new ProductOperation(values, w, y.Rows.RowRange(first, count), Bias(weights, width), residual.Rows.RowRange(first, count)));
        }

        return New(new LaunchNode.InMemory(y), skip.Shape);
    }

    /// <summary>value * gelu(gate) of some rows, in one kernel where the device has one.</summary>
    private LaunchMatrix Gated(LaunchNode.Gated gated, LaunchMatrix x)
    {
        var (name, both) = (gated.Weights, 2 * gated.Width);
        var values = writer.Matrix(name + " gated", x.RowCount, gated.Width);
        if (x.Width == shape.FusedGateChannels && x.RowCount % FusedGateRows == 0 && gated.Width % GatedOrder.Chunk == 0)
        {
            var w = writer.Weight(name + ".weight, gated", (long)both * x.Width, WeightRecipes.Gated(name + ".weight", gated.Width, both, x.Width));
            var bias = writer.FloatWeight(name + ".bias, gated", both, WeightRecipes.Gated(name + ".bias", gated.Width, both));
            writer.Add(new GatedProductOperation(x, w.Rows(x.Width), bias, values));
        }
        else
        {
            var product = writer.Matrix(name, x.RowCount, both);
            writer.Add(new ProductOperation(x, LinearWeights(name, x.Width, both), product, Bias(name, both)));
            writer.Add(new GatedGeluOperation(product, values));
        }

        return values;
    }

    /// <summary>Rows of whole images, in as few equal slices as keep values of a width within what a slice may take.</summary>
    private IEnumerable<(int First, int Count)> Slices(LaunchMap map, int width)
    {
        var bytes = (long)map.Rows.RowCount * width * writer.Type.Size();
        var slices = Enumerable.Range(1, map.Images).First(count => map.Images % count == 0 && (bytes / count <= shape.SliceBytes || count == map.Images));
        var rows = map.Rows.RowCount / slices;
        return Enumerable.Range(0, slices).Select(slice => (slice * rows, rows));
    }

    private LaunchMatrix NormedSlice(LaunchMap source, LaunchNode.LayerNorm norm, int first, int count)
    {
        var normed = writer.Matrix(norm.Weights, count, source.Channels);
        AddLayerNorm(source.Rows.RowRange(first, count), norm, normed, source.Pixels);
        return normed;
    }

    private LaunchMap Normed(LaunchNode.LayerNorm norm)
    {
        var source = Memory(norm.Source, withSums: false).Map;
        var y = writer.Map(norm.Weights, source.Images, source.Side, source.Channels);
        AddLayerNorm(source.Rows, norm, y.Rows, source.Pixels);
        return y;
    }

    private void AddLayerNorm(LaunchMatrix x, LaunchNode.LayerNorm norm, LaunchMatrix y, int pixels)
    {
        var (name, width) = (norm.Weights, x.Width);
        var gamma = writer.Weight(name + ".weight", width, WeightRecipes.Plain(name + ".weight", width));
        var (beta, frames) = norm.Positions is { } table
            ? (
                writer.Weight(
                    $"{name}.bias + {table}",
                    (long)shape.Frames * width,
                    WeightRecipes.WithPositions(name + ".bias", table, norm.TableLength, shape.Frames, width)
                ),
                shape.Frames
            )
            : (writer.Weight(name + ".bias", width, WeightRecipes.Plain(name + ".bias", width)), 1);
        writer.Add(new LayerNormOperation(x, gamma, beta, y, pixels, frames));
    }

    /// <summary>Attention's output layer, added to the tokens before it.</summary>
    private LaunchMap Summed(LaunchNode.AttentionSum sum)
    {
        if (_nodes[sum.Attended.Key.Source.Name] is LaunchNode.Sound sound)
        {
            return Hearing(sum, sound);
        }

        var (attended, width) = (SelfAttended(sum.Attended), sum.Attended.Query.OutWidth);
        var y = writer.Map(sum.Weights, attended.Images, attended.Side, width);
        var bias = sum.AlsoBias is { } other ? SumOfBiases(sum.Weights, other, width) : Bias(sum.Weights, width);
        writer.Add(new ProductOperation(attended.Rows, LinearWeights(sum.Weights, width, width), y.Rows, bias, Memory(sum.Skip, withSums: false).Map.Rows));
        return y;
    }

    private LaunchBuffer SumOfBiases(string first, string second, int width) =>
        writer.Weight($"{first}.bias + {second}.bias", width, WeightRecipes.Sum([first + ".bias", second + ".bias"], width));

    /// <summary>
    /// Attention to the sound. Keys and values have no bias, so that silence, which is zeros, is answered by the bias of the
    /// output layer alone: the silent half gets it with the layer before.
    /// </summary>
    private LaunchMap Hearing(LaunchNode.AttentionSum sum, LaunchNode.Sound sound)
    {
        var (norm, width) = ((LaunchNode.LayerNorm)_nodes[sum.Attended.Query.Source.Name], sum.Attended.Query.OutWidth);
        LaunchMap tokens;
        if (shape.IsGuided && _nodes[sum.Skip.Name] is LaunchNode.AttentionSum before)
        {
            // Both halves are equal until here if there is only one of them.
            var (attended, skip) = (SelfAttended(before.Attended), Memory(before.Skip, withSums: false).Map);
            tokens = writer.Map(sum.Weights, shape.ResultImages, attended.Side, width);
            var (half, last) = (tokens.Rows.RowCount / 2, attended.Rows.RowCount - (tokens.Rows.RowCount / 2));
            var both = SumOfBiases(before.Weights, sum.Weights, width);
            var w = LinearWeights(before.Weights, width, width);
            writer.Add(new ProductOperation(attended.Rows.RowRange(0, half), w, tokens.Rows.RowRange(0, half), both, skip.Rows.RowRange(0, half)));
            writer.Add(
                new ProductOperation(
                    attended.Rows.RowRange(last, half),
                    w,
                    tokens.Rows.RowRange(half, half),
                    Bias(before.Weights, width),
                    skip.Rows.RowRange(last, half)
                )
            );
        }
        else
        {
            tokens = Memory(sum.Skip, withSums: false).Map;
        }

        var heard = tokens.Rows.RowRange(tokens.Rows.RowCount - (shape.Images * tokens.Pixels), shape.Images * tokens.Pixels);
        var normed = writer.Matrix(norm.Weights, heard.RowCount, width);
        AddLayerNorm(heard, norm, normed, tokens.Pixels);
        var query = writer.Matrix(sum.Attended.Query.Weights, heard.RowCount, width);
        writer.Add(new ProductOperation(normed, LinearWeights(sum.Attended.Query.Weights, width, width), query));
        var keysAndValues = SoundKeysAndValues(sum.Attended, sound);
        var result = writer.Matrix(sum.Weights + " attended", heard.RowCount, width);
        writer.Add(
            new AttentionOperation(query, keysAndValues.Columns(0, width), keysAndValues.Columns(width, width), result, shape.Images, sum.Attended.Heads)
        );
        writer.Add(new ProductOperation(result, LinearWeights(sum.Weights, width, width), heard, Bias(sum.Weights, width), heard));
        return tokens;
    }

    /// <summary>The keys and values of the sound do not change from step to step: they are computed in the prelude.</summary>
    private LaunchMatrix SoundKeysAndValues(LaunchNode.Attention attention, LaunchNode.Sound sound)
    {
        var width = attention.Query.OutWidth;
        var buffer = new LaunchBuffer(attention.Key.Weights, LaunchBufferKind.Named, writer.Type, 2L * sound.Rows.RowCount * width);
        var stacked = WeightRecipes.Stacked([attention.Key.Weights + ".weight", attention.Value.Weights + ".weight"], width, sound.Rows.Width);
        var w = prelude.Weight(attention.Key.Weights + " and values", 2L * width * sound.Rows.Width, stacked);
        prelude.Add(new ProductOperation(sound.Rows, w.Rows(sound.Rows.Width), buffer.Rows(2 * width)));
        return buffer.Rows(2 * width);
    }

    /// <summary>Attention of tokens to tokens of the same image, or pixel. Queries, keys and values come from one product.</summary>
    private LaunchMap SelfAttended(LaunchNode.Attention attention)
    {
        var (norm, width, name) = (_nodes[attention.Query.Source.Name] as LaunchNode.LayerNorm, attention.Query.OutWidth, attention.Query.Weights);
        var isSliced = norm is not null && !attention.IsTemporal;
        var source = isSliced ? Memory(norm!.Source, withSums: false).Map : Memory(attention.Query.Source, withSums: false).Map;
        var layers = new[] { attention.Query, attention.Key, attention.Value };
        var w = writer.Weight(
            name + ", keys and values",
            3L * width * source.Channels,
            WeightRecipes.Stacked(layers.Select(layer => layer.Weights + ".weight"), width, source.Channels)
        );
        var bias = attention.Query.HasBias
            ? writer.Weight(name + ".bias, keys and values", 3L * width, WeightRecipes.Stacked(layers.Select(layer => layer.Weights + ".bias"), width))
            : null;
        var result = writer.Map(name + " attended", source.Images, source.Side, width);
        foreach (var (first, count) in isSliced ? Slices(source, 3 * width) : [(0, source.Rows.RowCount)])
        {
            var qkv = writer.Matrix(name, count, 3 * width);
            var x = isSliced ? NormedSlice(source, norm!, first, count) : source.Rows;
            writer.Add(new ProductOperation(x, w.Rows(source.Channels), qkv, bias));
            Attend(attention, qkv, result.Rows.RowRange(first, count), source.Pixels);
        }

        return result;
    }

    /// <summary>Attention of queries, keys and values that lie side by side.</summary>
    private void Attend(LaunchNode.Attention attention, LaunchMatrix qkv, LaunchMatrix result, int pixels)
    {
        var (width, images) = (result.Width, result.RowCount / pixels);
        if (attention.IsTemporal)
        {
            writer.Add(new TemporalAttentionOperation(qkv, result, images / shape.Frames, shape.Frames, attention.Heads, FrameCountOf(shape.Frames)));
        }
        else if (width / attention.Heads > WidestHead)
        {
            AttendByProducts(qkv, result, images, attention.Heads);
        }
        else
        {
            var (query, key, value) = (qkv.Columns(0, width), qkv.Columns(width, width), qkv.Columns(2 * width, width));
            writer.Add(new AttentionOperation(query, key, value, result, images, attention.Heads));
        }
    }

    /// <summary>Attention with one wide head: scores and results are products, image by image in one batch.</summary>
    private void AttendByProducts(LaunchMatrix qkv, LaunchMatrix result, int images, int heads)
    {
        if (heads != 1)
        {
            throw NotHere();
        }

        var (tokens, width) = (result.RowCount / images, result.Width);
        var image = qkv.RowRange(0, tokens);
        var scores = writer.Matrix("scores", images * tokens, tokens);
        writer.Add(
            new ProductOperation(image.Columns(0, width), image.Columns(width, width), scores.RowRange(0, tokens))
            {
                Batch = images,
                BatchStrides = ((long)tokens * qkv.Stride, (long)tokens * qkv.Stride, (long)tokens * tokens),
            }
        );
        writer.Add(new SoftmaxOperation(scores, 1 / MathF.Sqrt(width)));
        writer.Add(
            new ProductOperation(scores.RowRange(0, tokens), image.Columns(2 * width, width), result.RowRange(0, tokens))
            {
                IsTransposed = true,
                Batch = images,
                BatchStrides = ((long)tokens * tokens, (long)tokens * qkv.Stride, (long)tokens * width),
            }
        );
    }
}
