using LatentSync.Audio;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Latents;
using LatentSync.Media;
using LatentSync.Restoration;

namespace LatentSync.Pipeline;

/// <summary>Makes the stages of a job, wherever its frames and its sound come from and go to.</summary>
internal sealed record FlowStages(
    LipSyncOptions Options, IAudioEncoder AudioEncoder, IFaceGenerator Generator, FaceFinder Faces, IProgress<LipSyncProgress>? Progress, WorkTimes Times)
{
    /// <summary>What the model hears, and how long the result is.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="length">Samples of one channel of the sound that the result gets.</param>
    /// <param name="sampleRate">Its samples per second.</param>
    public (FrameAudio Audio, FrameSchedule Schedule) Hear(ReadOnlySpan<short> samples, long length, int sampleRate)
    {
        var schedule = FrameSchedule.Create(Options.Length, Options.Loop, length, sampleRate, Options.SilentPadding);
        var goesOn = Options.SilentPadding > 0 || Options.Length == LipSyncLength.Video;
        var audio = FrameAudio.Create(samples, AudioEncoder, Options.Parity, goesOn);
        return (audio, Options.Parity ? schedule with { ReferenceFrames = audio.FrameCount } : schedule);
    }

    /// <summary>Finds the face and follows it.</summary>
    public IFaceTimeline Timeline(IFaceLandmarker landmarker, FrameClock clock) => Options.Parity
        ? new ReferenceTimeline(landmarker, Generator.Resolution)
        : new FaceTimeline(landmarker, Generator.Resolution, Options.Face, Options.BridgeFrames, clock);

    /// <summary>Puts the stages in a row.</summary>
    /// <param name="source">Frames in the order of the result.</param>
    /// <param name="pool">Where they came from.</param>
    /// <param name="clock">The clock of their times.</param>
    /// <param name="seconds">How long the result will be, for the progress.</param>
    /// <param name="audio">The sound.</param>
    /// <param name="timeline">From <see cref="Timeline"/>.</param>
    /// <param name="writer">Takes the finished frames.</param>
    /// <param name="name">Path of the video, for an error.</param>
    public FrameFlowParts Parts(
        IFrameSequence source, FramePool pool, FrameClock clock, double seconds, FrameAudio audio, IFaceTimeline timeline, IFrameWriter writer, string name)
    {
        var resolution = Generator.Resolution;
        var frames = (long)Math.Ceiling(seconds * clock.FramesPerSecond);
        return new FrameFlowParts
        {
            Source = source,
            Pool = pool,
            FacePool = new FramePool(resolution, resolution),
            Faces = timeline,
            StrictAbout = Options.Strict ? name : null,
            Cropper = new FaceCropper(resolution),
            Audio = audio,
            Generator = Generator,
            Restorer = Options.Parity ? new ReferenceRestorer(resolution) : new MouthRestorer(new RepaintMask(resolution).Pixels, resolution),
            Writer = writer,
            Clock = clock,
            ClipLength = Options.NumFrames,
            StepsPerFrame = Options.InferenceSteps,
            Times = Times,
            FaceProgress = Meter(LipSyncStage.Faces, frames),
            DiffusionProgress = Meter(LipSyncStage.Diffusion, (long)Math.Ceiling(seconds * FrameSchedule.FramesPerSecond) * Options.InferenceSteps),
            OutputProgress = Meter(LipSyncStage.Output, frames),
        };
    }

    /// <summary>Lets all frames flow; corrects the totals of the progress, which were only expected.</summary>
    public static async Task<FrameCounts> RunAsync(FrameFlowParts parts, CancellationToken cancellationToken)
    {
        var counts = await new FrameFlow(parts).RunAsync(cancellationToken).ConfigureAwait(false);
        parts.FaceProgress.Finish();
        parts.DiffusionProgress.Finish();
        parts.OutputProgress.Finish();
        return counts;
    }

    /// <summary>Counts the units of a stage.</summary>
    public ProgressMeter Meter(LipSyncStage stage, long total) => new(stage, total, Progress, TimeProvider.System);
}
