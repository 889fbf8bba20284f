using LatentSync.Audio;
using LatentSync.Faces.Tracking;
using LatentSync.Jobs;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Segments;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Pipeline.Analysis;

/// <summary>One look at the whole video and the whole sound, and what it has told.</summary>
internal sealed class WholeLook(LipSyncRequest request, JobInputs inputs, FlowStages stages, SegmentLength segmentLength)
{
    // Of QuietSpans.
    private const double SpansPerSecond = 100;

    private readonly FoundFaces _found = new();
    private IReadOnlyList<(SegmentEntry Entry, int Painted)> _segments = [];
    private FrameCounts _counts = new();
    private UnusableFaces _unusable;
    private InputDamage? _soundDamage;
    private long _samples;
    private HeardSound? _heard;
    private WholeVideo? _video;
    private RecordedOrder? _order;
    private WatchedTimeline? _timeline;

    /// <summary>Looks.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (_heard, _samples, _soundDamage) = await inputs.HearAsync(stages, cancellationToken).ConfigureAwait(false);
        using var landmarker = stages.Faces.Create(request.Options.Parity);
        var (clock, aspect) = (inputs.Clock, inputs.Video.PixelAspect);
        _timeline = new WatchedTimeline(await stages.TimelineAsync(landmarker, clock, aspect, cancellationToken, _found.Add).ConfigureAwait(false), landmarker);
        _video = new WholeVideo(request, inputs, _heard, stages.Times);
        _order = new RecordedOrder(_video.Frames);
        var writer = new RecordingWriter(segmentLength, (frame, index) => _found.Look(frame, _order.At(index).Source));
        await using var closing = writer.ConfigureAwait(false);
        var context = stages.Context(_video.Pool, clock, new OutputPlan(request, inputs).ExpectedSeconds(_heard.Schedule));
        var flow = new FrameFlow(
            context with
            {
                Progress = new FlowProgress(context.Progress.Faces, ProgressMeter.Silent(LipSyncStage.Diffusion), ProgressMeter.Silent(LipSyncStage.Output)),
            },
            stages.Preparation(_order, _timeline, _heard, request.Video, landmarker) with
            {
                ShowFirst = request.Preview is { } show ? frame => show(PreviewWriter.Of(frame, index: 0)) : null,
            },
            stages.Generation(_heard),
            new FinishingInputs(new NoRestorer(), writer)
        );
        _counts = await _video.RunAsync(flow, cancellationToken).ConfigureAwait(false);
        _segments = writer.Finish(_video.Frames.Shown.Duration);
        _unusable = UnusableFaces.Of(landmarker);
    }

    /// <summary>What the segments of the job need.</summary>
    /// <param name="job">The job.</param>
    /// <param name="encoder">What encodes its pictures.</param>
    public StoredAnalysis Store(JobDescription job, VideoEncoderKind encoder)
    {
        var (video, frames) = (_video!, _video!.Frames);
        return new StoredAnalysis
        {
            Job = job,
            Video = frames.Read,
            HasEnded = frames.Source is not null,
            Offset = video.Source.Offset,
            Plans = StoredPlans.Of(_timeline!),
            Order = _order!.Frames,
            Last = frames.Shown.Last,
            Segments = [.. _segments.Select(segment => segment.Entry)],
            Samples = _samples,
            ReferenceFrames = _heard!.Schedule.ReferenceFrames,
            Encoder = encoder,
            Counts = _counts,
            Cuts = _timeline!.Cuts,
            Unusable = _unusable,
            VideoDamage = StoredDamage.Of(video.Source.Damage),
            SoundDamage = StoredDamage.Of(_soundDamage),
        };
    }

    /// <summary>The same for people.</summary>
    public LipSyncAnalysis Describe(StoredAnalysis stored)
    {
        var (clock, first) = (inputs.Clock, 0);
        var segments = new List<LipSyncSegment>(_segments.Count);
        foreach (var (entry, painted) in _segments)
        {
            segments.Add(new LipSyncSegment(first, entry.Frames, clock.Time(entry.Start), clock.Time(entry.End), painted));
            first += entry.Frames;
        }

        return new LipSyncAnalysis
        {
            Frames = stored.Order.Count,
            SyncedFrames = _counts.Painted,
            BridgedFrames = _counts[FrameFate.Bridged],
            FramesWithoutFace = _counts[FrameFate.NoFace],
            FramesTurnedAway = _counts[FrameFate.TurnedAway],
            QuietFrames = _counts[FrameFate.Quiet],
            SceneCuts = stored.Cuts,
            Duration = clock.Time(stored.Last.End),
            Width = inputs.Video.DisplayWidth,
            Height = inputs.Video.DisplayHeight,
            Segments = segments,
            VideoFrames = stored.Video.Count,
            VideoDuration = clock.Time(stored.Video.Duration),
            SourceDuration = inputs.Video.StillDemuxer is null ? inputs.Video.Duration : null,
            SoundDuration = TimeSpan.FromSeconds((double)stored.Samples / AudioReader.SampleRate),
            Pauses = Pauses(_heard!.Pauses!, (double)stored.Samples / AudioReader.SampleRate),
            FaceGaps = FaceGaps.Of(_timeline!, stored.Video, clock),
            Faces = _found.Places,
            FacePictures = _found.Pictures,
            Notices = [.. JobCompletion.InputNotices(request, inputs, [_video!.Source.Damage, _soundDamage])],
            Elapsed = TimeSpan.Zero,
            Times = stages.Times.ToDictionary(),
        };
    }

    /// <summary>Those of the sound itself, not of the silence after it.</summary>
    private static LipSyncSpan[] Pauses(QuietSpans quiet, double end) =>
        [
            .. from span in quiet.Spans
            let start = span.Start / SpansPerSecond
            where start < end
            select new LipSyncSpan(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(Math.Min(span.End / SpansPerSecond, end))),
        ];
}
