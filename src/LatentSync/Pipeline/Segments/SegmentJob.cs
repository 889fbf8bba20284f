using System.Diagnostics;
using LatentSync.Faces.Tracking;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Pipeline.Segments;

/// <summary>
/// One part of a result's pictures. It begins where a clip does, so nothing of it depends on the parts before: the frames come
/// from where they are in the video, what is done to them is in the analysis.
/// </summary>
internal sealed class SegmentJob(LipSyncRequest request, OpenedJob job, FlowStages stages)
{
    /// <summary>Makes the part.</summary>
    /// <param name="segment">Its number, from 0.</param>
    /// <param name="path">Its file; replaced.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">There is no such part, or the work failed.</exception>
    public async Task<LipSyncSegmentResult> RunAsync(int segment, string path, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var (analysis, inputs) = (job.Analysis, job.Inputs);
        RequireSegment(segment);
        var (entry, first) = (analysis.Segments[segment], analysis.FirstFrame(segment));
        var order = analysis.Order.Skip(first).Take(entry.Frames).ToArray();
        var writer = SegmentFileWriter.Create(MediaTools.Locate(), job.Writing, path, entry.Start);
        await using (writer.ConfigureAwait(false))
        {
            var source = new SourceVideo(inputs.Source, inputs.Rate, inputs.Clock, stages.Times, strict: false, request.Options.VideoStart, analysis.Offset);
            var pool = WholeVideo.PoolOf(inputs.Video);
            var frames = new RecordedFrames(
                new VideoFrames(source.OpenAsync, pool),
                pool,
                WholeVideo.BackwardFrames(inputs.Video),
                analysis.Video,
                order,
                analysis.VideoDamage is not null
            );
            var preview = request.Preview is { } show ? new PreviewWriter(writer, show, TimeProvider.System, first) : null;
            var flow = new FrameFlow(
                stages.Context(pool, inputs.Clock, seconds: 0) with
                {
                    Progress = Progress(order),
                },
                stages.Preparation(frames, new StoredTimeline(analysis.Plans, analysis.Cuts), job.Heard, request.Video),
                stages.Generation(job.Heard),
                stages.Finishing(preview ?? (IFrameWriter)writer)
            );
            var counts = await flow.RunAsync(cancellationToken).ConfigureAwait(false);
            using (stages.Times.Measure(LipSyncWork.Encode))
            {
                await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }

            return new LipSyncSegmentResult
            {
                Path = path,
                Segment = segment,
                Frames = writer.Frames,
                SyncedFrames = counts.Painted,
                BridgedFrames = counts[FrameFate.Bridged],
                FramesWithoutFace = counts[FrameFate.NoFace],
                FramesTurnedAway = counts[FrameFate.TurnedAway],
                QuietFrames = counts[FrameFate.Quiet],
                SceneCuts = order.Count(frame => frame.Source > 0 && analysis.Plans[frame.Source].StartsShot),
                Elapsed = watch.Elapsed,
                Times = stages.Times.ToDictionary(),
            };
        }
    }

    private FlowProgress Progress(FrameMoment[] order)
    {
        var clock = job.Inputs.Clock;
        var modelFrames = Math.Min(clock.ModelFrame(order[^1].Start) + 1, job.Heard.Audio.FrameCount) - clock.ModelFrame(order[0].Start);
        return new FlowProgress(
            ProgressMeter.Silent(LipSyncStage.Faces),
            stages.Meter(LipSyncStage.Diffusion, (long)Math.Max(1, modelFrames) * stages.Options.Sampling.InferenceSteps),
            stages.Meter(LipSyncStage.Output, order.Length)
        );
    }

    private void RequireSegment(int segment)
    {
        var last = job.Analysis.Segments.Count - 1;
        if (segment < 0 || segment > last)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The segment is {segment}, but the job has the segments 0 to {last}; choose one of these."
            );
        }
    }
}
