namespace LatentSync;

/// <summary>An interrupted job that can be resumed.</summary>
public sealed record UnfinishedJob
{
    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The result it was to make.</summary>
    public required string Output { get; init; }

    /// <summary>How much of the result is finished.</summary>
    public required TimeSpan Kept { get; init; }

    /// <summary>Bytes that its folder takes.</summary>
    public required long Bytes { get; init; }

    /// <summary>
    /// The options with which it resumes, by property: <c>Video</c>, <c>InferenceSteps</c> and so on; values as files and
    /// command lines write them.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }
}
