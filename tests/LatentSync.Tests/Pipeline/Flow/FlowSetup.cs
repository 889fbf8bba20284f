using LatentSync.Audio;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;
using LatentSync.Tests.Audio;
using LatentSync.Timeline;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>A flow of frames whose ends and networks are stood in for.</summary>
internal sealed class FlowSetup(FakeVideo video, int[]? withoutFace = null, int clipLength = 4)
{
    public const int Resolution = 64;

    private const int BridgeFramesByDefault = 5;

    private readonly FrameAudio _audio = FrameAudio.Create(TestSignals.Sweep(10 * LogMel.SampleRate), new FakeEncoder(), parity: false);

    public FakeVideo Video => video;

    public FramePool Pool { get; } = new(4, 2);

    public GeneratedFacePool GeneratedPool { get; } = new(Resolution);

    public FakeLandmarker Landmarker { get; init; } = new(withoutFace ?? []);

    public FakeGenerator Generator { get; init; } = new(Resolution);

    public FakeWriter Writer { get; init; } = new();

    public WorkTimes Times { get; } = new();

    public IProgress<LipSyncProgress>? Progress { get; init; }

    public float SignOfFrame(int frame)
    {
        var tokens = new float[_audio.TokenCount * _audio.Width];
        _audio.CopyFrame(frame, tokens);
        return tokens[0];
    }

    public FakeRestorer Restorer { get; init; } = new();

    public int BridgeFrames { get; init; } = BridgeFramesByDefault;

    /// <summary>The most frames that are held back until the frames after them are known.</summary>
    public int LookAhead => BridgeFrames + 2 + GapPlanner.FadeFrames;

    public FrameClock Clock { get; init; } = FrameClock.Model;

    public FaceChoice Choice { get; init; } = FaceChoice.Largest;

    public bool Parity { get; init; }

    /// <summary>On how many frames faces are looked for at once.</summary>
    public int FramesAtOnce { get; init; } = 1;

    /// <summary>The most frames that are read ahead for it.</summary>
    public int FramesAhead => FramesAtOnce > 1 ? FramesAtOnce + 1 : 0;

    public string? StrictAbout { get; init; }

    public QuietSpans? Quiet { get; init; }

    public int Cuts => Timeline.Cuts;

    private IFaceTimeline Timeline =>
        field ??= Parity ? new ReferenceTimeline(Landmarker, Resolution) : new FaceTimeline(Landmarker, Resolution, Choice, BridgeFrames, Clock);

    public Task<FrameCounts> RunAsync(int frames, CancellationToken? cancellationToken = null)
    {
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.PingPong, frames, FrameSchedule.FramesPerSecond);
        var context = new FlowContext(
            Clock,
            clipLength,
            new FlowPools(Pool, new FramePool(Resolution, Resolution), GeneratedPool),
            Times,
            new FlowProgress(Meter(LipSyncStage.Faces, frames), Meter(LipSyncStage.Diffusion, frames), Meter(LipSyncStage.Output, frames))
        );
        var source = new ScheduledFrames(video.Open, Pool, segmentLength: 2, schedule, Clock);
        var preparation = new PreparationInputs
        {
            Source = FramesAtOnce > 1 ? new LatentSync.Pipeline.Flow.FramesAhead(source, Landmarker, FramesAtOnce, Times) : source,
            Timeline = Timeline,
            Cropper = new FaceCropper(Resolution),
            ModelFrames = _audio.FrameCount,
            Quiet = Quiet,
            StrictAbout = StrictAbout,
        };
        var flow = new FrameFlow(context, preparation, new GenerationInputs(Generator, _audio, Steps: 1), new FinishingInputs(Restorer, Writer));
        return flow.RunAsync(cancellationToken ?? TestContext.Current.CancellationToken);
    }

    private ProgressMeter Meter(LipSyncStage stage, int total) => new(stage, total, Progress, TimeProvider.System);
}
