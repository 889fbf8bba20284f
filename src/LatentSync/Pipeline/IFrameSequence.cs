namespace LatentSync.Pipeline;

/// <summary>Frames of a source in the order of a result.</summary>
internal interface IFrameSequence
{
    /// <summary>Frames of the source; null until its end was reached.</summary>
    int? SourceFrames { get; }

    /// <summary>Yields the frames of the result; none if the source has none.</summary>
    IAsyncEnumerable<SourceFrame> ReadAsync(CancellationToken cancellationToken);
}
