using LatentSync.Audio;
using LatentSync.Checkpoints;
using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Networks.SyncNet;
using LatentSync.Scoring;

namespace LatentSync;

/// <summary>
/// Measures how well the lips of a video follow a sound: from the opening of the mouth and the loudness, and, where its
/// weights are given, with LatentSync's SyncNet.
/// </summary>
public static class LipSyncMeter
{
    // Syllables come about every five frames; a longer search finds the next one and calls it an offset.
    private const int OffsetRange = 15;
    private const int LongestStep = 250;

    /// <summary>Measures a video, without SyncNet.</summary>
    /// <param name="video">Path of the video.</param>
    /// <param name="audio">Path of the sound; null takes the video's own.</param>
    /// <param name="progress">Told the frames looked at, as <see cref="LipSyncStage.Faces"/>; their number in all is the header's.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">An input cannot be read, or no frame has a face.</exception>
    public static Task<LipSyncScore> MeasureAsync(
        string video,
        string? audio = null,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => MeasureAsync(video, new LipSyncMeterOptions { Audio = audio }, progress, cancellationToken);

    /// <summary>Measures a video.</summary>
    /// <param name="video">Path of the video.</param>
    /// <param name="options">The sound, and the SyncNet.</param>
    /// <param name="progress">Told the frames looked at, as <see cref="LipSyncStage.Faces"/>; their number in all is the header's.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">An option is out of range, an input or the SyncNet cannot be read, or no frame has a face.</exception>
    public static async Task<LipSyncScore> MeasureAsync(
        string video,
        LipSyncMeterOptions options,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SyncNetStep is < 1 or > LongestStep)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"The SyncNet step is {options.SyncNetStep}; it must be 1 to {LongestStep}.");
        }

        var info = (await MediaProbe.ProbeAsync(video, cancellationToken).ConfigureAwait(false)).RequireVideo();
        var samples = await AudioReader.ReadMonoAsync(options.Audio ?? video, cancellationToken).ConfigureAwait(false);
        using var syncNet = options.SyncNet is { } path ? new SyncNet(path, cancellationToken) : null;
        var meter = syncNet is null ? null : new SyncNetMeter(syncNet, SyncNetMel.Compute(samples), options.SyncNetStep);
        var opening = await OpeningAsync(video, info, meter, progress, cancellationToken).ConfigureAwait(false);
        if (opening.TrueForAll(double.IsNaN))
        {
            throw new LipSyncException(LipSyncErrorCode.NoFace, $"No usable face was found in any frame of \"{video}\"; choose a video with a face.")
            {
                Path = video,
            };
        }

        var loudness = LoudnessEnvelope.Of(samples, opening.Count);
        var correlations = OffsetSearch.Correlations([.. opening], loudness, OffsetRange);
        var known = correlations.Where(value => !double.IsNaN(value)).Order().ToList();
        double? best = known.Count > 0 ? known[^1] : null;
        return new LipSyncScore
        {
            Frames = opening.Count,
            FramesWithFace = opening.Count(value => !double.IsNaN(value)),
            OffsetFrames = best is { } peak ? Array.IndexOf(correlations, peak) - OffsetRange : null,
            Correlation = best,
            CorrelationAtZero = double.IsNaN(correlations[OffsetRange]) ? null : correlations[OffsetRange],
            Confidence = best - (known.Count > 0 ? known[known.Count / 2] : null),
            ClosedInSilence = Stillness.ClosedShare(opening, loudness),
            SyncNet = meter?.Finish(cancellationToken),
            Opening = opening,
            Loudness = loudness,
        };
    }

    /// <summary>The SyncNet of a model folder, where the public repository and its downloads have it; null if there is none.</summary>
    /// <param name="modelFolder">A folder as <see cref="LipSyncEngineOptions.ModelFolder"/> takes it.</param>
    public static string? FindSyncNet(string modelFolder) => new ModelFolderLayout(modelFolder).FindSyncNet();

    /// <summary>Mouth opening per frame; shows the faces to SyncNet on the way.</summary>
    private static async Task<List<double>> OpeningAsync(
        string path,
        VideoStreamInfo info,
        SyncNetMeter? syncNet,
        IProgress<LipSyncProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var expected = info.Duration is { } duration ? (long)(duration.TotalSeconds * FrameSchedule.FramesPerSecond) : 0;
        var frame = new RgbImage(info.DisplayWidth, info.DisplayHeight);
        var opening = new List<double>();
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var alignedFace = syncNet is null ? null : new AlignedFace(SyncNetEncoder.FaceSize);
        var reader = await VideoReader.OpenAsync(path, info, new VideoReadOptions(), cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(frame, cancellationToken).ConfigureAwait(false))
            {
                var face = landmarker.Find(frame);
                opening.Add(face is null ? double.NaN : MouthOpening.Of(landmarker.Mesh));
                syncNet?.Add(alignedFace?.Align(frame, face), cancellationToken);
                progress?.Report(new LipSyncProgress(LipSyncStage.Faces, opening.Count, Math.Max(expected, opening.Count), Remaining: null));
            }
        }

        return opening;
    }
}
