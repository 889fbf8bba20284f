namespace LatentSync.Worker;

/// <summary>A job without the networks: all frames travel, as they do in a real one, and none is changed.</summary>
internal static class PassThrough
{
    /// <summary>Runs the job.</summary>
    /// <exception cref="LipSyncException">The request is not valid.</exception>
    public static async Task<LipSyncFramesResult> RunAsync(LipSyncFramesRequest request, CancellationToken cancellationToken)
    {
        if (request.Validate() is { Count: > 0 } mistakes)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"{string.Join(Environment.NewLine, mistakes)}");
        }

        var start = TimeProvider.System.GetTimestamp();
        var (options, sound) = (request.Options, request.Sound);
        var schedule = FrameSchedule.Create(options.Timing.Length, options.Timing.Loop, sound.Samples.Length, sound.SampleRate, options.Timing.SilentPadding);
        var times = FrameTimes.Constant(request.FrameRate, request.Frames);
        var frames = schedule.FrameCount(times);
        request.Begin?.Invoke(frames);
        var pixels = new byte[request.Width * request.Height * 3];
        for (var frame = 0; frame < frames; frame++)
        {
            var source = schedule.SourceFrame(frame, times);
            await request.Read(source, pixels, cancellationToken);
            await request.Write!(new LipSyncFrame(frame, source, IsPainted: true, pixels), cancellationToken);
        }

        return new LipSyncFramesResult
        {
            Frames = frames,
            Samples = schedule.SampleCount(times),
            SyncedFrames = 0,
            BridgedFrames = 0,
            FramesWithoutFace = 0,
            FramesTurnedAway = 0,
            QuietFrames = 0,
            SceneCuts = 0,
            Elapsed = TimeProvider.System.GetElapsedTime(start),
            Times = new Dictionary<LipSyncWork, TimeSpan>(),
        };
    }
}
