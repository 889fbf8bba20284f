using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Latents;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;
using LatentSync.Restoration;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.Stages;

/// <summary>Makes the stages of a job, wherever its frames and its sound come from and go to.</summary>
internal sealed record FlowStages(
    LipSyncOptions Options,
    IAudioEncoder AudioEncoder,
    IFaceGenerator Generator,
    FaceFinder Faces,
    IProgress<LipSyncProgress>? Progress,
    WorkTimes Times
)
{
    /// <summary>Whether <see cref="HeardSound.Pauses"/> are looked for although the mouth does not heed them.</summary>
    public bool FindsPauses { get; init; }

    /// <summary>What the model hears, where the mouths of the source come back, and how long the result is.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="length">Samples of one channel of the sound that the result gets.</param>
    /// <param name="sampleRate">Its samples per second.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public HeardSound Hear(ReadOnlySpan<short> samples, long length, int sampleRate, CancellationToken cancellationToken)
    {
        var schedule = Schedule(Options, length, sampleRate);
        var goesOn = Options.Timing.SilentPadding > 0 || Options.Timing.Length == LipSyncLength.Video;
        var quiet = Options.Sound.QuietMouth == QuietMouth.Model && !FindsPauses ? null : FindQuiet(samples, goesOn, cancellationToken);
        var audio = FrameAudio.Create(samples, AudioEncoder, Options.Parity, goesOn, Options.Sound.QuietMouth == QuietMouth.Rest ? quiet : null);
        return new HeardSound(
            audio,
            Options.Sound.QuietMouth == QuietMouth.Source ? quiet : null,
            Options.Parity ? schedule with { ReferenceFrames = audio.FrameCount } : schedule
        )
        {
            Pauses = quiet,
        };
    }

    /// <summary>How long the result is, but for the reference's own length.</summary>
    /// <param name="options">The options.</param>
    /// <param name="length">Samples of one channel of the sound.</param>
    /// <param name="sampleRate">Samples per second.</param>
    public static FrameSchedule Schedule(LipSyncOptions options, long length, int sampleRate) =>
        FrameSchedule.Create(options.Timing.Length, options.Timing.Loop, length, sampleRate, options.Timing.SilentPadding);

    /// <summary>Finds the face and follows it.</summary>
    /// <param name="landmarker">Finds faces.</param>
    /// <param name="clock">The clock of the frames' times.</param>
    /// <param name="pixelAspect">Width over height of a pixel.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="found">Told of the faces where people are chosen; null for nobody.</param>
    /// <exception cref="LipSyncException">The picture of the wanted person cannot be used.</exception>
    public async Task<IFaceTimeline> TimelineAsync(
        IFaceLandmarker landmarker,
        FrameClock clock,
        double pixelAspect,
        CancellationToken cancellationToken,
        Action<LipSyncFaces>? found = null
    )
    {
        if (Options.Parity)
        {
            return new ReferenceTimeline(landmarker, Generator.Resolution, found);
        }

        var likeness = Options.Faces.Face.Picture is { } picture
            ? await ReferencePicture.ReadAsync(picture, landmarker, pixelAspect, cancellationToken).ConfigureAwait(false)
            : null;
        return new FaceTimeline(landmarker, Generator.Resolution, Options.Faces.Face, Options.Faces.BridgeFrames, clock, pixelAspect, likeness, found);
    }

    /// <summary>What the tasks of the flow share.</summary>
    /// <param name="frames">Where the source takes its frames from.</param>
    /// <param name="clock">The clock of the frames' times.</param>
    /// <param name="seconds">How long the result will be, for the progress.</param>
    /// <param name="finished">How many of the seconds an earlier run has finished.</param>
    public FlowContext Context(FramePool frames, FrameClock clock, double seconds, double finished = 0)
    {
        var count = (long)Math.Ceiling(seconds * clock.FramesPerSecond);
        var modelFrames = (long)Math.Max(0, Math.Ceiling((seconds - finished) * FrameSchedule.FramesPerSecond));
        return new FlowContext(
            clock,
            Options.Sampling.NumFrames,
            FlowPools.Create(frames, Generator.Resolution),
            Times,
            new FlowProgress(
                Meter(LipSyncStage.Faces, count),
                Meter(LipSyncStage.Diffusion, modelFrames * Options.Sampling.InferenceSteps),
                Meter(LipSyncStage.Output, count)
            )
        );
    }

    /// <summary>Reads the source, follows the faces and cuts them out.</summary>
    /// <param name="source">Frames in the order of the result.</param>
    /// <param name="timeline">From <see cref="TimelineAsync"/>.</param>
    /// <param name="heard">From <see cref="Hear"/>.</param>
    /// <param name="name">Path of the video, for an error.</param>
    /// <param name="landmarker">What the timeline finds faces with; null for one that knows them already.</param>
    public PreparationInputs Preparation(IFrameSequence source, IFaceTimeline timeline, HeardSound heard, string name, IFaceLandmarker? landmarker = null) =>
        new()
        {
            Source = landmarker is not null && Faces.FramesAtOnce > 1 ? new FramesAhead(source, landmarker, Faces.FramesAtOnce, Times) : source,
            Timeline = timeline,
            Cropper = new FaceCropper(Generator.Resolution),
            ModelFrames = heard.Audio.FrameCount,
            Quiet = heard.Quiet,
            StrictAbout = Options.Strict ? name : null,
        };

    /// <summary>Paints the mouths to the sound.</summary>
    public GenerationInputs Generation(HeardSound heard) => new(Generator, heard.Audio, Options.Sampling.InferenceSteps);

    /// <summary>Pastes the mouths back and hands the frames on.</summary>
    public FinishingInputs Finishing(IFrameWriter writer, PaintedMask? mask = null) =>
        new(
            Options.Parity
                ? new ReferenceRestorer(Generator.Resolution)
                // Beside a card as many threads paste as look for faces.
                : new MouthRestorer(new RepaintMask(Generator.Resolution).Pixels, Generator.Resolution, Faces.FramesAtOnce, Options.Paste),
            writer,
            mask
        );

    private QuietSpans FindQuiet(ReadOnlySpan<short> samples, bool thenSilence, CancellationToken cancellationToken)
    {
        using var model = new VoiceActivityModel();
        return QuietSpans.Find(model.Listen(samples, cancellationToken), Options.Sound.QuietAfter, thenSilence);
    }

    /// <summary>Counts the units of a stage.</summary>
    public ProgressMeter Meter(LipSyncStage stage, long total) => new(stage, total, Progress, TimeProvider.System);
}
