using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>Frames of a source in the order of a result.</summary>
internal interface IFrameSequence
{
    /// <summary>Yields the frames of the result; none if the source has none.</summary>
    IAsyncEnumerable<SourceFrame> ReadAsync(CancellationToken cancellationToken);
}
