using LatentSync.Imaging;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>A reader whose time counts as decoding.</summary>
internal sealed class TimedFrameReader(IFrameReader reader, WorkTimes times) : IFrameReader
{
    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(RgbImage destination, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Decode);
        return await reader.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => reader.DisposeAsync();
}
