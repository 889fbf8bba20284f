using LatentSync.Imaging;

namespace LatentSync.Media.Read;

/// <summary>A sequence of decoded frames of one size.</summary>
internal interface IFrameReader : IAsyncDisposable
{
    /// <summary>When the frame read last is shown, in ticks from the beginning of the video.</summary>
    long Start { get; }

    /// <summary>Reads the next frame into the given image; false at the clean end of the video.</summary>
    ValueTask<bool> ReadAsync(RgbImage destination, CancellationToken cancellationToken);
}
