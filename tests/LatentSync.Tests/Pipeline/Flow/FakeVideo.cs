using LatentSync.Imaging;
using LatentSync.Media.Read;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>A video whose frame i has the value i in every byte; keeps how often it was opened and closed.</summary>
internal sealed class FakeVideo(int frames, int width = 4, int height = 2)
{
    public int Opened { get; private set; }

    public int Closed { get; private set; }

    /// <summary>The first frame whose reading fails.</summary>
    public int FailsAt { get; init; } = int.MaxValue;

    /// <summary>Awaited with the number of each frame before it is read, and before it fails.</summary>
    public Func<int, CancellationToken, Task> Work { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>The first frame of another scene; all other frames then have a pattern besides the value of their first pixel.</summary>
    public int? CutAt { get; init; }

    /// <summary>When each frame is shown, in ticks; by default one a tick.</summary>
    public IReadOnlyList<long>? Starts { get; init; }

    public Task<IFrameReader> Open(int start, long? ticks, int? limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Assert.True(ticks is null || ticks == Start(start));
        Opened++;
        return Task.FromResult<IFrameReader>(new Reader(this, start, Math.Min(frames, start + (limit ?? frames))));
    }

    private sealed class Reader(FakeVideo video, int start, int end) : IFrameReader
    {
        private int _next = start;

        public long Start => video.Start(_next - 1);

        public async ValueTask<bool> ReadAsync(RgbImage destination, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Assert.Equal((video.Width, video.Height), (destination.Width, destination.Height));
            if (_next >= end)
            {
                return false;
            }

            await video.Work(_next, cancellationToken);
            if (_next == video.FailsAt)
            {
                throw new LipSyncException(LipSyncErrorCode.MediaToolFailed, $"ffmpeg died");
            }

            destination.Pixels.AsSpan().Fill((byte)_next);
            for (var i = 3; video.CutAt is { } cut && i < destination.Pixels.Length; i++)
            {
                destination.Pixels[i] = (byte)(i / 3 % 2 == (_next < cut ? 0 : 1) ? 255 : 0);
            }

            _next++;
            return true;
        }

        public ValueTask DisposeAsync()
        {
            video.Closed++;
            return ValueTask.CompletedTask;
        }
    }

    private long Start(int frame) => Starts?[frame] ?? frame;

    private int Width => width;

    private int Height => height;
}
