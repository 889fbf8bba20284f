using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.Media;
using LatentSync.Scoring;

namespace LatentSync;

/// <summary>Measures how well the lips of a video follow a sound, from the opening of the mouth and the loudness.</summary>
public static class LipSyncMeter
{
    // Syllables come about every five frames; a longer search finds the next one and calls it an offset.
    private const int OffsetRange = 15;

    /// <summary>Measures a video.</summary>
    /// <param name="video">Path of the video.</param>
    /// <param name="audio">Path of the sound; null takes the video's own.</param>
    /// <param name="progress">Told the frames looked at, as <see cref="LipSyncStage.Faces"/>; their number in all is the header's.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">An input cannot be read, or no frame has a face.</exception>
    public static async Task<LipSyncScore> MeasureAsync(
        string video, string? audio = null, IProgress<LipSyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var info = (await MediaProbe.ProbeAsync(video, cancellationToken).ConfigureAwait(false)).RequireVideo();
        var samples = await AudioReader.ReadMonoAsync(audio ?? video, cancellationToken).ConfigureAwait(false);
        var opening = await OpeningAsync(video, info, progress, cancellationToken).ConfigureAwait(false);
        if (opening.TrueForAll(double.IsNaN))
        {
            throw new LipSyncException(LipSyncErrorCode.NoFace, $"No usable face was found in any frame of \"{video}\"; choose a video with a face.") { Path = video };
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
            Opening = opening,
            Loudness = loudness,
        };
    }

    private static async Task<List<double>> OpeningAsync(
        string path, VideoStreamInfo info, IProgress<LipSyncProgress>? progress, CancellationToken cancellationToken)
    {
        var expected = info.Duration is { } duration ? (long)(duration.TotalSeconds * VideoReadOptions.ModelFrameRate.Value) : 0;
        var frame = new RgbImage(info.DisplayWidth, info.DisplayHeight);
        var opening = new List<double>();
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var reader = await VideoReader.OpenAsync(path, info, new VideoReadOptions(), cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(frame, cancellationToken).ConfigureAwait(false))
            {
                opening.Add(landmarker.Find(frame) is null ? double.NaN : MouthOpening.Of(landmarker.Mesh));
                progress?.Report(new LipSyncProgress(LipSyncStage.Faces, opening.Count, Math.Max(expected, opening.Count), Remaining: null));
            }
        }

        return opening;
    }
}
