using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Faces.Tracking;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Stages;
using LatentSync.Restoration;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FramesJob;

/// <summary>One video in memory: frames and sound that a program has, frames back to it.</summary>
internal sealed class LipSyncFramesJob(LipSyncFramesRequest request, FlowStages stages)
{
    // What an error calls the frames.
    private const string Name = "the given frames";

    /// <summary>Runs the job.</summary>
    public async Task<LipSyncFramesResult> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var preparation = stages.Meter(LipSyncStage.Prepare, total: 1);
        var heard = Hear(cancellationToken);
        var (clock, count) = (FrameClock.Of(request.FrameRate), heard.Schedule.FrameCount(request.Times));
        preparation.Advance();
        request.Begin?.Invoke(count);
        using var landmarker = stages.Faces.Create(request.Options.Parity);
        var timeline = await stages.TimelineAsync(landmarker, clock, pixelAspect: 1, cancellationToken, request.Faces).ConfigureAwait(false);
        var pool = new FramePool(request.Width, request.Height);
        var mask = request.Masks ? new PaintedMask(request.Width, request.Height) : null;
        var delivery = new FrameDelivery(request, heard.Schedule, mask);
        await using var closing = delivery.ConfigureAwait(false);
        var flow = new FrameFlow(
            stages.Context(pool, clock, count / request.FrameRate.Value),
            stages.Preparation(new IndexedFrames(request, pool, heard.Schedule), timeline, heard, Name, landmarker),
            stages.Generation(heard),
            stages.Finishing(delivery, mask)
        );
        var counts = await flow.RunAsync(cancellationToken).ConfigureAwait(false);
        return new LipSyncFramesResult
        {
            Frames = count,
            Samples = heard.Schedule.SampleCount(request.Times),
            SyncedFrames = counts.Painted,
            BridgedFrames = counts[FrameFate.Bridged],
            FramesWithoutFace = counts[FrameFate.NoFace],
            FramesTurnedAway = counts[FrameFate.TurnedAway],
            QuietFrames = counts[FrameFate.Quiet],
            SceneCuts = timeline.Cuts,
            Elapsed = watch.Elapsed,
            Times = stages.Times.ToDictionary(),
        };
    }

    private HeardSound Hear(CancellationToken cancellationToken)
    {
        using var measurement = stages.Times.Measure(LipSyncWork.Audio);
        var (samples, rate) = request.Sound;
        return stages.Hear(SoundResampler.Resample(samples.Span, rate), samples.Length, rate, cancellationToken);
    }
}
