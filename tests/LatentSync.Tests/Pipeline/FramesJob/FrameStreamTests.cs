using LatentSync.Pipeline.FramesJob;

namespace LatentSync.Tests.Pipeline.FramesJob;

public class FrameStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The job's memory is used again for each frame, so no frame may be overwritten while it is looked at.</summary>
    [Fact]
    public async Task Frames_ComeInOrder_AndKeepTheirPixelsUntilTheNext()
    {
        List<byte> seen = [];
        await foreach (var frame in FrameStream.ReadAsync((write, stop) => CountAsync(5, write, stop), Token))
        {
            await Task.Yield();
            Assert.Equal(seen.Count, frame.Index);
            seen.Add(frame.Pixels.Span[0]);
        }

        Assert.Equal([0, 1, 2, 3, 4], seen);
    }

    [Fact]
    public async Task Error_ComesAfterTheFramesBefore()
    {
        var frames = 0;
        var error = await Assert.ThrowsAsync<LipSyncException>(async () =>
        {
            await foreach (var frame in FrameStream.ReadAsync(FailAsync, Token))
            {
                frames++;
            }
        });
        Assert.Equal((3, LipSyncErrorCode.InferenceFailed), (frames, error.Code));

        static async Task FailAsync(Func<LipSyncFrame, CancellationToken, ValueTask> write, CancellationToken stop)
        {
            await CountAsync(3, write, stop);
            throw new LipSyncException(LipSyncErrorCode.InferenceFailed, $"The network failed.");
        }
    }

    [Fact]
    public async Task Leaving_StopsTheJob_AndWaitsForItsEnd()
    {
        var hasEnded = false;
        await foreach (var frame in FrameStream.ReadAsync(EndlessAsync, Token))
        {
            if (frame.Index == 2)
            {
                break;
            }
        }

        Assert.True(hasEnded);

        async Task EndlessAsync(Func<LipSyncFrame, CancellationToken, ValueTask> write, CancellationToken stop)
        {
            try
            {
                await CountAsync(int.MaxValue, write, stop);
            }
            finally
            {
                hasEnded = true;
            }
        }
    }

    [Fact]
    public async Task Cancelled_Throws()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (
                var frame in FrameStream
                    .ReadAsync((write, stop) => CountAsync(int.MaxValue, write, stop), CancellationToken.None)
                    .WithCancellation(cancellation.Token)
            )
            {
                await cancellation.CancelAsync();
            }
        });
    }

    private static async Task CountAsync(int count, Func<LipSyncFrame, CancellationToken, ValueTask> write, CancellationToken stop)
    {
        var pixels = new byte[3];
        for (var i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            pixels.AsSpan().Fill((byte)i);
            await write(new LipSyncFrame(i, i, IsPainted: false, pixels), stop);
        }
    }
}
