using System.Threading.Channels;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>The third task of <see cref="FrameFlow"/>: pastes the mouths back and writes the frames, in their order.</summary>
internal sealed class FrameFinishing(FlowContext context, FinishingInputs inputs, ChannelReader<GeneratedFrame> generated, QueueRoom room)
{
    /// <summary>Finishes every frame of the queue.</summary>
    /// <returns>What was done to the frames.</returns>
    public async Task<FrameCounts> RunAsync(CancellationToken cancellationToken)
    {
        var counts = new FrameCounts();
        await foreach (var frame in generated.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            room.Taken();
            Restore(frame);
            await WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            counts.Add(frame.Fate);
            context.Progress.Output.Advance();
        }

        return counts;
    }

    private void Restore(GeneratedFrame frame)
    {
        for (var i = 0; i < frame.Faces.Count; i++)
        {
            using var measurement = context.Times.Measure(LipSyncWork.Restore);
            inputs.Restorer.Restore(frame.Image, frame.Faces[i].Alignment, frame.Generated[i].Pixels, frame.Faces[i].Weight, inputs.Mask);
            frame.Generated[i].Release();
        }
    }

    private async ValueTask WriteAsync(GeneratedFrame frame, CancellationToken cancellationToken)
    {
        using var measurement = context.Times.Measure(LipSyncWork.Encode);
        if (frame.StartsClip)
        {
            await inputs.Writer.MayCutAsync(frame.Start, cancellationToken).ConfigureAwait(false);
        }

        var written =
            frame.Faces.Count == 0
                ? inputs.Writer.PassAsync(frame.Image, frame.Start, cancellationToken)
                : inputs.Writer.WriteAsync(frame.Image, frame.Start, cancellationToken);
        await written.ConfigureAwait(false);
        context.Pools.Frames.Return(frame.Image);
    }
}
