using LatentSync.Imaging;
using LatentSync.Media;

namespace LatentSync.Tests.Pipeline;

/// <summary>Keeps the first byte of each frame and whether it was restored.</summary>
internal sealed class FakeWriter : IFrameWriter
{
    public List<(int Value, bool Restored)> Frames { get; } = [];

    public ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken)
    {
        Frames.Add((frame.Pixels[0], frame.Pixels[^1] == FakeRestorer.Mark));
        return ValueTask.CompletedTask;
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
