using LatentSync.Checkpoints.Config;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Whisper;

/// <summary>The audio encoder of Whisper, without its final norm; gives the features of every layer.</summary>
internal static class WhisperGraph
{
    /// <summary>Input: log-mel spectrogram of one window, [1, 2 * positions, mel bands].</summary>
    public const string Mel = "mel";

    /// <summary>
    /// Output: the input of the first block and the output of every block, [1, positions, layers + 1, width].
    /// </summary>
    public const string Features = "features";

    private const int FeedForwardExpansion = 4;

    /// <summary>Log-mel spectrogram to features.</summary>
    public static NetworkGraph Encoder(DialectFactory newDialect, WhisperDimensions dimensions)
    {
        var graph = new GraphWriter("whisper_encoder");
        var dialect = newDialect(graph);
        var width = dimensions.Width;

        var mel = dialect.TokenInput(Mel, 1, 2 * dimensions.ContextLength, dimensions.MelCount);
        var hidden = dialect.Gelu(dialect.TokenConvolution(mel, "encoder.conv1", width, 3, 1));
        hidden = dialect.Gelu(dialect.TokenConvolution(hidden, "encoder.conv2", width, 3, 2));
        hidden = dialect.AddTable(hidden, "encoder.positional_embedding");

        var features = new List<Value> { hidden };
        for (var layer = 0; layer < dimensions.LayerCount; layer++)
        {
            hidden = Block(dialect, Invariant($"encoder.blocks.{layer}"), dimensions.HeadCount, hidden);
            features.Add(hidden);
        }

        dialect.TokenOutput(Features, dialect.StackBeforeWidth(features));
        return graph.Build();
    }

    private static Value Block(NetworkDialect dialect, string name, int heads, Value hidden)
    {
        var width = hidden[^1];
        var normed = dialect.LayerNorm(hidden, name + ".attn_ln");
        var attended = dialect.Attention(
            dialect.Linear(normed, name + ".attn.query", width, bias: true),
            dialect.Linear(normed, name + ".attn.key", width, bias: false),
            dialect.Linear(normed, name + ".attn.value", width, bias: true),
            heads
        );
        hidden = dialect.Add(hidden, dialect.Linear(attended, name + ".attn.out", width, bias: true));

        normed = dialect.LayerNorm(hidden, name + ".mlp_ln");
        var inner = dialect.Gelu(dialect.Linear(normed, name + ".mlp.0", FeedForwardExpansion * width, bias: true));
        return dialect.Add(hidden, dialect.Linear(inner, name + ".mlp.2", width, bias: true));
    }
}
