using LatentSync.Imaging;

namespace LatentSync.Media.Write;

/// <summary>Takes the frames of the result in order. Disposing without completing leaves nothing behind.</summary>
internal interface IFrameWriter : IAsyncDisposable
{
    /// <summary>Encodes a frame; the image may be used again when the call returns.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="start">When it is shown, in ticks from the beginning of the result; later than the frame before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken);

    /// <summary>The same for a frame that is the source's, bit for bit.</summary>
    ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken);

    /// <summary>Told before the first frame of a clip: the video may be cut in two files here.</summary>
    /// <param name="start">When that frame is shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask MayCutAsync(long start, CancellationToken cancellationToken);
}
