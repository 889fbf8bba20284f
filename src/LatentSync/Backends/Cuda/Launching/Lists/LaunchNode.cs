using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>
/// What a value of a network's description is, when it is turned into operations. Most are written down only when
/// something needs them: by then it is known what can be done in the same operation.
/// </summary>
internal abstract record LaunchNode
{
    /// <summary>Numbers in memory, of a map or of tokens, which are the same memory.</summary>
    /// <param name="Map">The memory.</param>
    /// <param name="Sums">Its sums, if they are there already.</param>
    /// <param name="Offset">A vector that has still to be added to every pixel; only a group norm can.</param>
    public sealed record InMemory(LaunchMap Map, ChannelSums? Sums = null, LaunchMatrix? Offset = null) : LaunchNode;

    /// <summary>What the caller feeds, float32.</summary>
    public sealed record Fed(LaunchMatrix Rows, int Images, int Side) : LaunchNode;

    /// <summary>The sound, [image * token, width]; images are those that hear.</summary>
    public sealed record Sound(LaunchMatrix Rows, int Tokens) : LaunchNode;

    /// <summary>Two maps side by side in the channels.</summary>
    public sealed record Joined(Value Left, Value Right) : LaunchNode;

    /// <summary>A map of twice the size, pixels repeated.</summary>
    public sealed record Doubled(Value Source) : LaunchNode;

    /// <summary>A convolution's result that lacks its bias, and maybe a residual.</summary>
    public sealed record Unbiased(LaunchMap Map, LaunchBuffer Bias, LaunchMap? Residual) : LaunchNode;

    /// <summary>A 1x1 convolution that has not been computed.</summary>
    public sealed record Pointwise(Value Source, string Weights, int InChannels, int OutChannels) : LaunchNode;

    /// <summary>A linear layer that has not been computed.</summary>
    public sealed record Linear(Value Source, string Weights, int OutWidth, bool HasBias) : LaunchNode;

    /// <summary>An attention that has not been computed.</summary>
    public sealed record Attention(Linear Query, Linear Key, Linear Value, int Heads, bool IsTemporal) : LaunchNode;

    /// <summary>A linear layer of attended values plus other tokens, and maybe the bias of one more layer; not computed yet.</summary>
    public sealed record AttentionSum(Attention Attended, string Weights, Value Skip, string? AlsoBias = null) : LaunchNode;

    /// <summary>The first layer of a feed-forward layer, value * gelu(gate), not computed yet.</summary>
    public sealed record Gated(Value Source, string Weights, int Width) : LaunchNode;

    /// <summary>A layer norm that has not been computed, and maybe positions that are added after it.</summary>
    public sealed record LayerNorm(Value Source, string Weights, string? Positions = null, int TableLength = 0) : LaunchNode;
}
