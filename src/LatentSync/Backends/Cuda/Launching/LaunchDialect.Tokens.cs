using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
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
        Added(tokens, LinearWeights(weights, tokens[^1], skip[^1]), weights, skip, skip.Shape);

    /// <inheritdoc/>
    public override (Value Tokens, Value Normed) AddLinearNorm(Value tokens, string weights, Value skip, string norm, string? alsoBias = null)
    {
        var sum =
            _nodes[tokens.Name] is LaunchNode.Attention attended && alsoBias is null
                ? New(new LaunchNode.AttentionSum(attended, weights, skip), skip.Shape)
                : throw NotHere();
        return (sum, LayerNorm(sum, norm));
    }

    /// <inheritdoc/>
    public override Value Attention(Value query, Value key, Value value, int heads) => New(Attending(query, key, value, heads, isTemporal: false), query.Shape);

    /// <inheritdoc/>
    public override Value TemporalAttention(Value query, Value key, Value value, int heads, int pixels) =>
        New(Attending(query, key, value, heads, isTemporal: true), query.Shape);

    /// <inheritdoc/>
    public override Value GatedGeluLinear(Value tokens, string weights, int width)
    {
        var source = Memory(tokens, withSums: false).Map;
        var both = Multiplied(source, weights, 2 * width, residual: null);
        var y = writer.Map(weights + " gated", source.Images, source.Side, width);
        writer.Add(new GatedGeluOperation(both.Rows, y.Rows));
        return New(new LaunchNode.InMemory(y), [.. tokens.Shape[..^1], width]);
    }

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

        return Multiplied(SelfAttended(sum.Attended), sum.Weights, sum.Attended.Query.OutWidth, Memory(sum.Skip, withSums: false).Map.Rows);
    }

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
            var both = writer.Weight(
                $"{before.Weights}.bias + {sum.Weights}.bias",
                width,
                WeightRecipes.Sum([before.Weights + ".bias", sum.Weights + ".bias"], width)
            );
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
        var (source, width, name) = (Memory(attention.Query.Source, withSums: false).Map, attention.Query.OutWidth, attention.Query.Weights);
        var layers = new[] { attention.Query, attention.Key, attention.Value };
        var w = writer.Weight(
            name + ", keys and values",
            3L * width * source.Channels,
            WeightRecipes.Stacked(layers.Select(layer => layer.Weights + ".weight"), width, source.Channels)
        );
        var bias = attention.Query.HasBias
            ? writer.Weight(name + ".bias, keys and values", 3L * width, WeightRecipes.Stacked(layers.Select(layer => layer.Weights + ".bias"), width))
            : null;
        var qkv = writer.Matrix(name, source.Rows.RowCount, 3 * width);
        writer.Add(new ProductOperation(source.Rows, w.Rows(source.Channels), qkv, bias));
        var result = writer.Map(name + " attended", source.Images, source.Side, width);
        if (attention.IsTemporal)
        {
            writer.Add(new TemporalAttentionOperation(qkv, result.Rows, source.Images / shape.Frames, shape.Frames, attention.Heads));
        }
        else if (width / attention.Heads > WidestHead)
        {
            AttendByProducts(qkv, result, attention.Heads);
        }
        else
        {
            writer.Add(
                new AttentionOperation(
                    qkv.Columns(0, width),
                    qkv.Columns(width, width),
                    qkv.Columns(2 * width, width),
                    result.Rows,
                    source.Images,
                    attention.Heads
                )
            );
        }

        return result;
    }

    /// <summary>Attention with one wide head: scores and results are products, image by image in one batch.</summary>
    private void AttendByProducts(LaunchMatrix qkv, LaunchMap result, int heads)
    {
        if (heads != 1)
        {
            throw NotHere();
        }

        var (tokens, width) = (result.Pixels, result.Channels);
        var image = qkv.RowRange(0, tokens);
        var scores = writer.Matrix("scores", result.Images * tokens, tokens);
        writer.Add(
            new ProductOperation(image.Columns(0, width), image.Columns(width, width), scores.RowRange(0, tokens))
            {
                Batch = result.Images,
                BatchStrides = ((long)tokens * qkv.Stride, (long)tokens * qkv.Stride, (long)tokens * tokens),
            }
        );
        writer.Add(new SoftmaxOperation(scores, 1 / MathF.Sqrt(width)));
        writer.Add(
            new ProductOperation(scores.RowRange(0, tokens), image.Columns(2 * width, width), result.Rows.RowRange(0, tokens))
            {
                IsTransposed = true,
                Batch = result.Images,
                BatchStrides = ((long)tokens * tokens, (long)tokens * qkv.Stride, (long)tokens * width),
            }
        );
    }
}
