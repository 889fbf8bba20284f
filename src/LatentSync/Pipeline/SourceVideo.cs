using System.Diagnostics.CodeAnalysis;
using LatentSync.Imaging;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>
/// The video of a job, which may be opened again and again. Its first frame is at 0: where the file begins later by less
/// than a frame, all times are earlier by that; where it begins later still, the first frame stands from 0 on, as players
/// show it, so that pictures and sound of the file stay in step.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="info">Its picture track.</param>
/// <param name="rate">The grid of the frames; null for their own times.</param>
/// <param name="clock">The clock of their times.</param>
/// <param name="times">Told how long decoding takes.</param>
internal sealed class SourceVideo(string path, VideoStreamInfo info, FrameRate? rate, FrameClock clock, WorkTimes times)
{
    // Between the file's clock and the result's.
    private long _offset;

    /// <inheritdoc cref="OpenVideo"/>
    [SuppressMessage("Reliability", "CA2000", Justification = "What is returned owns the reader.")]
    public async Task<IFrameReader> OpenAsync(int frame, long? start, int? limit, CancellationToken cancellationToken)
    {
        var options = new VideoReadOptions { FrameRate = rate, StartFrame = frame, StartTicks = start + _offset, FrameLimit = limit };
        return new Reader(this, frame, await VideoReader.OpenAsync(path, info, options, cancellationToken).ConfigureAwait(false));
    }

    private void Align(long firstStart) => _offset = rate is null && firstStart * clock.FramesPerSecond < clock.TicksPerSecond ? firstStart : 0;

    private sealed class Reader(SourceVideo video, int frame, VideoReader reader) : IFrameReader
    {
        private int _next = frame;

        public long Start => _next == 1 ? 0 : reader.Start - video._offset;

        public async ValueTask<bool> ReadAsync(RgbImage destination, CancellationToken cancellationToken)
        {
            using var measurement = video.Times.Measure(LipSyncWork.Decode);
            if (!await reader.ReadAsync(destination, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            if (_next++ == 0)
            {
                video.Align(reader.Start);
            }

            return true;
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }

    private WorkTimes Times => times;
}
