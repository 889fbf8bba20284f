using LatentSync.Imaging;

namespace LatentSync.Media;

/// <summary>Takes the frames of the result in order. Disposing without completing leaves nothing behind.</summary>
internal interface IFrameWriter : IAsyncDisposable
{
    /// <summary>Encodes a frame; the image may be used again when the call returns.</summary>
    ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken);

    /// <summary>The same for a frame that is the source's, bit for bit.</summary>
    ValueTask PassAsync(RgbImage frame, CancellationToken cancellationToken) => WriteAsync(frame, cancellationToken);

    /// <summary>Ends the video and moves it into place.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
