using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;

namespace LatentSync.Pipeline.Stages;

/// <summary>The picture of the person whose mouth is to be painted.</summary>
internal static class ReferencePicture
{
    /// <summary>Refuses a choice that names a file which is no picture or video.</summary>
    /// <exception cref="LipSyncException">InvalidInput.</exception>
    public static async Task CheckAsync(FaceChoice choice, CancellationToken cancellationToken)
    {
        if (choice.Picture is { } path)
        {
            await ProbeAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is in the file.</summary>
    /// <exception cref="LipSyncException">InvalidInput: it is no picture or video.</exception>
    public static async Task<VideoStreamInfo> ProbeAsync(string path, CancellationToken cancellationToken) =>
        (await MediaProbe.ProbePicturesAsync(path, cancellationToken).ConfigureAwait(false)).RequireVideo();

    /// <summary>Finds the largest face in the picture, or in the first frame of a video.</summary>
    /// <param name="path">The picture.</param>
    /// <param name="landmarker">Finds faces; forgets this one.</param>
    /// <param name="pixelAspect">Width over height of a pixel of the frames it will be compared with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">InvalidInput: it cannot be read, or has no face.</exception>
    public static async Task<FaceLikeness> ReadAsync(string path, IFaceLandmarker landmarker, double pixelAspect, CancellationToken cancellationToken)
    {
        var info = await ProbeAsync(path, cancellationToken).ConfigureAwait(false);
        var reader = await VideoReader.OpenAsync(path, info, new VideoReadOptions { FrameLimit = 1 }, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var picture = new RgbImage(info.DisplayWidth, info.DisplayHeight);
            await reader.ReadAsync(picture, cancellationToken).ConfigureAwait(false);
            var faces = Enumerable.Range(0, landmarker.Detect(picture).Count).Select(index => landmarker.Fit(picture, index)).OfType<FaceLandmarks>();
            var largest = faces.MaxBy(face => face.Box.Area);
            landmarker.Reset();
            var option = new OptionReference(nameof(FaceOptions.Face));
            return largest is not null
                ? FaceLikeness.Of(picture, largest, pixelAspect)
                : throw new LipSyncException(
                    LipSyncErrorCode.InvalidInput,
                    $"No usable face was found in \"{path}\", which {option} names; choose a picture with an upright face at least 50 pixels wide and 80 high."
                )
                {
                    Path = path,
                };
        }
    }
}
