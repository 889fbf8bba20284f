using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LatentSync.Faces;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;

namespace LatentSync.Pipeline.Flow;

/// <summary>
/// Reads a source ahead and has scouts look at its frames, each at another one at the same time. The frames come in their
/// order, each when it has been looked at.
/// </summary>
/// <param name="source">The frames.</param>
/// <param name="landmarker">Will be asked about them in their order; another's to dispose.</param>
/// <param name="count">The number of scouts. So many frames wait or are looked at, and two more are on the way in or out.</param>
/// <param name="times">Told how long finding faces takes, the scouts' times added up.</param>
internal sealed class FramesAhead(IFrameSequence source, IFaceLandmarker landmarker, int count, WorkTimes times) : IFrameSequence
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IFaceScout[] scouts = [.. Enumerable.Range(0, count).Select(_ => landmarker.CreateScout())];
        var queue = Channel.CreateBounded<Task<SourceFrame>>(new BoundedChannelOptions(count) { SingleReader = true, SingleWriter = true });
        var reading = ReadAheadAsync(scouts, queue.Writer, stop.Token);
        try
        {
            // An error of the source comes after the frames before it, as from the source itself.
            await foreach (var look in queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return await look.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            while (queue.Reader.TryRead(out var look))
            {
                await ((Task)look).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Array.ForEach(scouts, scout => scout.Dispose());
        }
    }

    /// <summary>Fills the queue. Errors of the source end it.</summary>
    private async Task ReadAheadAsync(IFaceScout[] scouts, ChannelWriter<Task<SourceFrame>> queue, CancellationToken cancellationToken)
    {
        var free = Channel.CreateUnbounded<IFaceScout>();
        Array.ForEach(scouts, scout => free.Writer.TryWrite(scout));
        try
        {
            var seen = 0;
            await foreach (var frame in source.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                // Before the look: so each look is in the queue, or with its reader, who waits for it.
                await queue.WaitToWriteAsync(cancellationToken).ConfigureAwait(false);

                // Later passes over the video go by what was seen in the first.
                var isNew = frame.Index == seen;
                seen += isNew ? 1 : 0;
                queue.TryWrite(isNew ? LookAsync(await free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false), frame) : Task.FromResult(frame));
            }

            queue.Complete();
        }
        catch (Exception error)
        {
            queue.Complete(error);
        }

        Task<SourceFrame> LookAsync(IFaceScout scout, SourceFrame frame) =>
            Task.Run(
                () =>
                {
                    try
                    {
                        using var measurement = times.Measure(LipSyncWork.Faces);
                        scout.Look(frame.Image);
                        return frame;
                    }
                    finally
                    {
                        free.Writer.TryWrite(scout);
                    }
                },
                CancellationToken.None
            );
    }
}
