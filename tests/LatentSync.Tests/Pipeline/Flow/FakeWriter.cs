using LatentSync.Imaging;
using LatentSync.Media.Write;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Keeps the first byte of each frame and whether it was restored.</summary>
internal sealed class FakeWriter : IFrameWriter
{
    public List<(int Value, bool Restored)> Frames { get; } = [];

    /// <summary>When each frame is shown, in ticks.</summary>
    public List<long> Starts { get; } = [];

    /// <summary>Awaited with the number of each frame before it is kept.</summary>
    public Func<int, CancellationToken, Task> Work { get; init; } = (_, _) => Task.CompletedTask;

    public async ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        await Work(Frames.Count, cancellationToken);
        Starts.Add(start);
        Frames.Add((frame.Pixels[0], frame.Pixels[^1] == FakeRestorer.Mark));
    }

    public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken) => WriteAsync(frame, start, cancellationToken);

    public ValueTask MayCutAsync(long start, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
