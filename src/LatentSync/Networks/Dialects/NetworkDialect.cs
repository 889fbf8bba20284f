using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Dialects;

/// <summary>
/// The vocabulary in which the networks are described. A dialect turns each word into what runs on one kind of
/// device: ONNX nodes for the CPU, launch lists for a card. The descriptions (UNet, VAE, Whisper) know neither.
/// </summary>
/// <remarks>
/// Shapes of values are logical. A map is [images, channels, height, width]; tokens are [sequences, tokens, width].
/// The axis that depends on the number of frames is free (-1). Weight names are those of the public checkpoints.
/// </remarks>
internal abstract class NetworkDialect
{
    /// <summary>Declares a map that the caller feeds, in [images, channels, height, width] order.</summary>
    public abstract Value MapInput(string name, int channels, int height, int width);

    /// <summary>Declares tokens that the caller feeds; a negative length is free.</summary>
    public abstract Value TokenInput(string name, int sequences, int tokens, int width);

    /// <summary>Declares a vector [1, width] that the caller feeds.</summary>
    public abstract Value VectorInput(string name, int width);

    /// <summary>Hands a map back to the caller, in [images, channels, height, width] order.</summary>
    public abstract void MapOutput(string name, Value map);

    /// <summary>Hands tokens or a vector back to the caller.</summary>
    public abstract void TokenOutput(string name, Value tokens);

    /// <summary>A square convolution with bias.</summary>
    public Value Convolution(Value map, string weights, int outChannels, int kernel, int stride, Padding padding)
    {
        var (before, after) = padding switch
        {
            Padding.None => (0, 0),
            Padding.One => (1, 1),
            Padding.RightAndBottom => (0, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(padding)),
        };
        return Convolution(map, weights, outChannels, kernel, (stride, stride), (before, before, after, after));
    }

    /// <summary>A square convolution with bias, a stride for each direction, and zeros added on each side.</summary>
    public abstract Value Convolution(
        Value map,
        string weights,
        int outChannels,
        int kernel,
        (int Down, int Across) stride,
        (int Top, int Left, int Bottom, int Right) padding
    );

    /// <summary>A convolution along the tokens, with bias; the zero padding keeps the length at stride 1.</summary>
    public abstract Value TokenConvolution(Value tokens, string weights, int outWidth, int kernel, int stride);

    /// <summary>
    /// Group normalisation with scale and shift. <paramref name="clips"/> says how many equal runs of images share
    /// statistics; <see langword="null"/> normalises each image by itself.
    /// </summary>
    public abstract Value GroupNorm(Value map, string weights, int groups, float epsilon, int? clips);

    /// <summary>x * sigmoid(x).</summary>
    public abstract Value Silu(Value value);

    /// <summary>max(x, 0).</summary>
    public abstract Value Relu(Value value);

    /// <summary>The exact GELU, with the error function.</summary>
    public abstract Value Gelu(Value value);

    /// <summary>The sum of two values of equal shape.</summary>
    public abstract Value Add(Value left, Value right);

    /// <summary>Adds a vector [1, channels] to every pixel.</summary>
    public abstract Value AddVector(Value map, Value vector);

    /// <summary>Joins two maps along the channels.</summary>
    public abstract Value Concatenate(Value left, Value right);

    /// <summary>Doubles height and width by repeating pixels.</summary>
    public abstract Value UpsampleNearest(Value map);

    /// <summary>The pixels of each image as tokens: [images, height * width, channels].</summary>
    public abstract Value SpatialTokens(Value map);

    /// <summary>The reverse of <see cref="SpatialTokens"/>.</summary>
    public abstract Value FromSpatialTokens(Value tokens, int height, int width);

    /// <summary>The frames at each pixel as tokens: [clips * height * width, frames, channels].</summary>
    public abstract Value TemporalTokens(Value map, int clips);

    /// <summary>The reverse of <see cref="TemporalTokens"/>.</summary>
    public abstract Value FromTemporalTokens(Value tokens, int clips, int height, int width);

    /// <summary>Adds the first rows of a table [1, length, width] to the tokens, row i to token i.</summary>
    public abstract Value AddPositions(Value tokens, string table, int tableLength);

    /// <summary>Adds a whole table [tokens, width] to the tokens.</summary>
    public abstract Value AddTable(Value tokens, string table);

    /// <summary>x W^T + b, with the weight stored as [out, in].</summary>
    public abstract Value Linear(Value tokens, string weights, int outWidth, bool bias);

    /// <summary>Layer normalisation over the width, epsilon 1e-5, with scale and shift.</summary>
    public abstract Value LayerNorm(Value tokens, string weights);

    /// <summary>
    /// softmax(q k^T / sqrt(width / heads)) v per head. Query [sequences, n, width], key and value [sequences, m, width].
    /// </summary>
    public abstract Value Attention(Value query, Value key, Value value, int heads);

    /// <summary>
    /// The part of a value that hears the sound. All of it, unless a dialect computes both halves of a guided step side by side:
    /// then attention to the sound is asked for the half that hears alone, and its result goes to <see cref="AddLinearNorm"/>.
    /// </summary>
    public virtual Value Hearing(Value value) => value;

    /// <summary><see cref="Attention"/> of temporal tokens: short sequences, and very many of them.</summary>
    /// <param name="query">Tokens.</param>
    /// <param name="key">Tokens of the same shape.</param>
    /// <param name="value">Tokens of the same shape.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="pixels">The number of sequences is a multiple of this.</param>
    public virtual Value TemporalAttention(Value query, Value key, Value value, int heads, int pixels) => Attention(query, key, value, heads);

    /// <summary>First half of the width times the exact GELU of the second half.</summary>
    public abstract Value GatedGelu(Value tokens);

    /// <summary><see cref="GroupNorm"/>, then <see cref="Silu"/>.</summary>
    public virtual Value GroupNormSilu(Value map, string weights, int groups, float epsilon, int? clips) =>
        Silu(GroupNorm(map, weights, groups, epsilon, clips));

    /// <summary>
    /// A 3x3 convolution that keeps the size, plus the projected time embedding at every pixel; what comes next is a
    /// <see cref="GroupNormSilu"/> over the clips.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="weights">The convolution.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="time">The time embedding [1, width]; a dialect may take the projections ready made instead.</param>
    /// <param name="projection">The projection of the embedding.</param>
    public virtual Value TimeConvolution(Value map, string weights, int outChannels, Value time, string projection) =>
        AddVector(Convolution(map, weights, outChannels, 3, 1, Padding.One), Linear(Silu(time), projection, outChannels, bias: true));

    /// <summary>A 1x1 convolution, its result as spatial tokens, and these after a layer norm.</summary>
    public virtual (Value Tokens, Value Normed) PointwiseNorm(Value map, string weights, string norm)
    {
        var tokens = SpatialTokens(Convolution(map, weights, map[1], 1, 1, Padding.None));
        return (tokens, LayerNorm(tokens, norm));
    }

    /// <summary>The reverse: a 1x1 convolution of spatial tokens, added to a map.</summary>
    public virtual Value AddPointwise(Value tokens, string weights, Value map) =>
        Add(Convolution(FromSpatialTokens(tokens, map[2], map[3]), weights, map[1], 1, 1, Padding.None), map);

    /// <summary>A linear layer with bias, and its result after a layer norm.</summary>
    public virtual (Value Tokens, Value Normed) LinearNorm(Value tokens, string weights, string norm)
    {
        var result = Linear(tokens, weights, tokens[^1], bias: true);
        return (result, LayerNorm(result, norm));
    }

    /// <summary>A 3x3 convolution with bias that keeps the size, added to a map.</summary>
    public virtual Value AddConvolution(Value map, string weights, Value skip) => Add(skip, Convolution(map, weights, skip[1], 3, 1, Padding.One));

    /// <summary>The bias of a layer, added to tokens.</summary>
    public abstract Value AddBias(Value tokens, string weights);

    /// <summary>A linear layer with bias, added to tokens of its output's shape.</summary>
    public virtual Value AddLinear(Value tokens, string weights, Value skip) => Add(skip, Linear(tokens, weights, skip[^1], bias: true));

    /// <summary>A linear layer with bias of temporal tokens, as a map, added to a map.</summary>
    public virtual Value AddTemporal(Value tokens, string weights, int clips, Value map) =>
        Add(FromTemporalTokens(Linear(tokens, weights, map[1], bias: true), clips, map[2], map[3]), map);

    /// <summary><see cref="AddLinear"/>, and the sum after a layer norm.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="weights">The linear layer.</param>
    /// <param name="skip">What its result is added to.</param>
    /// <param name="norm">The layer norm.</param>
    /// <param name="alsoBias">Another layer whose bias is added too; null for none.</param>
    public virtual (Value Tokens, Value Normed) AddLinearNorm(Value tokens, string weights, Value skip, string norm, string? alsoBias = null)
    {
        var sum = AddLinear(tokens, weights, skip);
        sum = alsoBias is null ? sum : AddBias(sum, alsoBias);
        return (sum, LayerNorm(sum, norm));
    }

    /// <summary>A linear layer with bias to twice the width, and <see cref="GatedGelu"/>.</summary>
    public virtual Value GatedGeluLinear(Value tokens, string weights, int width) => GatedGelu(Linear(tokens, weights, 2 * width, bias: true));

    /// <summary>Stacks equal tokens [sequences, n, width] along a new axis before the width: [sequences, n, count, width].</summary>
    public abstract Value StackBeforeWidth(IReadOnlyList<Value> tokens);
}
