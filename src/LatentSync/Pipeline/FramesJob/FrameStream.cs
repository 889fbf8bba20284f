using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LatentSync.Pipeline.FramesJob;

/// <summary>Turns a job that hands out frames into frames that are asked for.</summary>
internal static class FrameStream
{
    /// <summary>Runs the job while its frames are enumerated.</summary>
    /// <param name="run">The job; it calls its first argument with each frame, whose memory is its own again afterwards.</param>
    /// <param name="cancellationToken">Stops the job; so does leaving the enumeration.</param>
    public static async IAsyncEnumerable<LipSyncFrame> ReadAsync(
        Func<Func<LipSyncFrame, CancellationToken, ValueTask>, CancellationToken, Task> run,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var isLookedAt = new SemaphoreSlim(0);
        var frames = Channel.CreateBounded<LipSyncFrame>(1);
        var job = RunAsync();
        try
        {
            // The job's end or error ends this, not the token: so a cancelled job has let go of everything when the caller continues.
            await foreach (var frame in frames.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return frame;
                isLookedAt.Release();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await job.ConfigureAwait(false);
        }

        async Task RunAsync()
        {
            Exception? failure = null;
            try
            {
                await run(WriteAsync, stop.Token).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // Whoever enumerates gets it from the channel; who has left does not want it.
                failure = error;
            }

            frames.Writer.Complete(failure);
        }

        async ValueTask WriteAsync(LipSyncFrame frame, CancellationToken token)
        {
            await frames.Writer.WriteAsync(frame, token).ConfigureAwait(false);
            await isLookedAt.WaitAsync(token).ConfigureAwait(false);
        }
    }
}
