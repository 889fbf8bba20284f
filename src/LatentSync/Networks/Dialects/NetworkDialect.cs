using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Dialects;

/// <summary>
/// The vocabulary in which the networks are described. A dialect turns each word into ONNX nodes in the layout and with
/// the operators that suit one kind of device; the descriptions (UNet, VAE, Whisper) know neither.
/// </summary>
/// <remarks>
/// Shapes of values are logical. A map is [images, channels, height, width]; tokens are [sequences, tokens, width].
/// The axis that depends on the number of frames is free (-1). Weight names are those of the public checkpoints.
/// </remarks>
internal abstract class NetworkDialect(GraphWriter graph)
{
    /// <summary>The graph being written.</summary>
    protected GraphWriter Graph { get; } = graph;

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
    public abstract Value Convolution(Value map, string weights, int outChannels, int kernel, int stride, Padding padding);

    /// <summary>A square convolution with bias, a stride for each direction, and zeros added on each side.</summary>
    public abstract Value Convolution(
        Value map, string weights, int outChannels, int kernel, (int Down, int Across) stride, (int Top, int Left, int Bottom, int Right) padding);

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

    /// <summary>First half of the width times the exact GELU of the second half.</summary>
    public abstract Value GatedGelu(Value tokens);

    /// <summary>Stacks equal tokens [sequences, n, width] along a new axis before the width: [sequences, n, count, width].</summary>
    public abstract Value StackBeforeWidth(IReadOnlyList<Value> tokens);
}
