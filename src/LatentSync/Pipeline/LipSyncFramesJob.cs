using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Latents;
using LatentSync.Restoration;

namespace LatentSync.Pipeline;

/// <summary>One video in memory.</summary>
internal sealed class LipSyncFramesJob(
    LipSyncFramesRequest request, IAudioEncoder audioEncoder, IFaceGenerator generator, FaceFinder faces, IProgress<LipSyncProgress>? progress, WorkTimes times)
{
    /// <summary>Runs the job.</summary>
    public async Task<LipSyncFramesResult> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var options = request.Options;
        var goesOn = options.SilentPadding > 0 || options.Length == LipSyncLength.Video;
        var sound = request.Sound;
        FrameAudio audio;
        using (times.Measure(LipSyncWork.Audio))
        {
            audio = FrameAudio.Create(SoundResampler.Resample(sound.Samples.Span, sound.SampleRate), audioEncoder, options.Parity, goesOn);
        }

        var schedule = FrameSchedule.Create(options.Length, options.Loop, sound.Samples.Length, sound.SampleRate, options.SilentPadding);
        request.Begin?.Invoke(schedule.FrameCount(request.Frames));
        using var landmarker = faces.Create(options.Parity);
        IFaceTimeline timeline = options.Parity
            ? new ReferenceTimeline(landmarker, generator.Resolution)
            : new FaceTimeline(landmarker, generator.Resolution, options.Face, options.BridgeFrames);
        var (resolution, frames) = (generator.Resolution, schedule.FrameCount(request.Frames));
        var pool = new FramePool(request.Width, request.Height);
        var delivery = new FrameDelivery(request, schedule);
        var parts = new FrameFlowParts
        {
            Source = new IndexedFrames(request, pool, schedule),
            Pool = pool,
            FacePool = new FramePool(resolution, resolution),
            Faces = timeline,
            StrictAbout = options.Strict ? "frames" : null,
            Cropper = new FaceCropper(resolution),
            Audio = audio,
            Generator = generator,
            Restorer = options.Parity ? new ReferenceRestorer(resolution) : new MouthRestorer(new RepaintMask(resolution).Pixels, resolution),
            Writer = delivery,
            ClipLength = options.NumFrames,
            StepsPerFrame = options.InferenceSteps,
            Times = times,
            FaceProgress = Meter(LipSyncStage.Faces, frames),
            DiffusionProgress = Meter(LipSyncStage.Diffusion, (long)frames * options.InferenceSteps),
            OutputProgress = Meter(LipSyncStage.Output, frames),
        };
        var counts = await new FrameFlow(parts).RunAsync(cancellationToken).ConfigureAwait(false);
        return new LipSyncFramesResult
        {
            Frames = frames,
            Samples = schedule.SampleCount(request.Frames),
            SyncedFrames = counts.Painted,
            BridgedFrames = counts[FrameFate.Bridged],
            FramesWithoutFace = counts[FrameFate.NoFace],
            FramesTurnedAway = counts[FrameFate.TurnedAway],
            SceneCuts = timeline.Cuts,
            Elapsed = clock.Elapsed,
            Times = times.ToDictionary(),
        };
    }

    private ProgressMeter Meter(LipSyncStage stage, long total) => new(stage, total, progress, TimeProvider.System);
}
