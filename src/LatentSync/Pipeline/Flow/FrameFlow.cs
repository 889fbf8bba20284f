using System.Threading.Channels;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>
/// The way of the frames, in three tasks: prepare, generate, finish. Between two of them lies a bounded queue of one clip,
/// so that one clip is prepared, one generated and one written at the same time; frames wait in both together as in one
/// (<see cref="QueueRoom"/>). Memory stays the same however long the video is.
/// </summary>
internal sealed class FrameFlow(FlowContext context, PreparationInputs preparation, GenerationInputs generation, FinishingInputs finishing)
{
    /// <summary>
    /// Runs the whole video. When a task fails, the ones before it are stopped and the one after it finishes what it was
    /// given: a clip that was generated is restored and written before the error comes out.
    /// </summary>
    /// <param name="cancellationToken">Stops all tasks within a second.</param>
    /// <returns>What was done to the frames.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled, even if something failed too.</exception>
    public async Task<FrameCounts> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (aligned, generated) = (CreateQueue<AlignedFrame>(), CreateQueue<GeneratedFrame>());
        var room = new QueueRoom(aligned.Reader, generated.Reader, context.ClipLength);
        var prepare = Task.Run(() => new FramePreparation(context, preparation, aligned.Writer, room).RunAsync(stop.Token), CancellationToken.None);

        // A thread of its own: it blocks for a second at a time, and runtimes of accelerators keep state for each thread.
        var generate = Task.Factory.StartNew(
            () => new ClipGeneration(context, generation, aligned.Reader, generated.Writer, room).Run(stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        var finish = Task.Run(() => new FrameFinishing(context, finishing, generated.Reader, room).RunAsync(cancellationToken), CancellationToken.None);

        // The task after a failed one learns of the failure at the end of its queue; only the first to fail tells the cause.
        Task? failed = null;
        await foreach (
            var ended in Task.WhenEach(EndQueueAsync(prepare, aligned.Writer), EndQueueAsync(generate, generated.Writer), finish).ConfigureAwait(false)
        )
        {
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ended.IsCompletedSuccessfully)
            {
                failed ??= ended;
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        if (failed is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await failed.ConfigureAwait(false);
        }

        var counts = await finish.ConfigureAwait(false);
        counts.Add(await prepare.ConfigureAwait(false));
        context.Progress.Finish();
        return counts;
    }

    private Channel<T> CreateQueue<T>() => Channel.CreateBounded<T>(new BoundedChannelOptions(context.ClipLength) { SingleReader = true, SingleWriter = true });

    /// <summary>What was queued before a failure can still be read; then comes the failure.</summary>
    private static async Task EndQueueAsync<T>(Task writing, ChannelWriter<T> queue)
    {
        try
        {
            await writing.ConfigureAwait(false);
            queue.Complete();
        }
        catch (Exception error)
        {
            queue.Complete(error);
            throw;
        }
    }
}
