using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>softmax(q k^T / sqrt(width)) v of each head of each image.</summary>
/// <param name="Query">[image * queries, heads * width].</param>
/// <param name="Key">[image * keys, heads * width].</param>
/// <param name="Value">[image * keys, heads * width], with the strides of the keys.</param>
/// <param name="Result">[image * queries, heads * width].</param>
/// <param name="Images">Images.</param>
/// <param name="Heads">Heads.</param>
internal sealed record AttentionOperation(LaunchMatrix Query, LaunchMatrix Key, LaunchMatrix Value, LaunchMatrix Result, int Images, int Heads)
    : LaunchOperation
{
    /// <summary>Queries of an image.</summary>
    public int Queries => Query.RowCount / Images;

    /// <summary>Keys of an image.</summary>
    public int Keys => Key.RowCount / Images;

    /// <summary>Width of a head.</summary>
    public int HeadWidth => Query.Width / Heads;

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [Query.Buffer, Key.Buffer, Value.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Result.Buffer];
}
