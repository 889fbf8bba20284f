using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.Latents;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Where the pipeline may paint.</summary>
internal static class FaceAreas
{
    /// <summary>For each frame, the upright rectangle around its aligned face crop; empty where there is no face.</summary>
    public static IReadOnlyList<PixelRectangle> Of(IEnumerable<byte[]> frames, int width, int height, int resolution)
    {
        var crop = CropSize.ForResolution(resolution);
        return Locate(frames, width, height, resolution, new PixelRectangle(0, 0, crop.Width, crop.Height));
    }

    /// <summary>The same around the region that the model paints: cheeks, mouth and chin.</summary>
    public static IReadOnlyList<PixelRectangle> Painted(IEnumerable<byte[]> frames, int width, int height, int resolution)
    {
        var (crop, mask) = (CropSize.ForResolution(resolution), new RepaintMask(resolution).Pixels);
        var painted = Enumerable.Range(0, mask.Length).Where(i => mask[i] < 1).Select(i => (X: i % resolution, Y: i / resolution)).ToList();
        var (scaleX, scaleY) = ((double)crop.Width / resolution, (double)crop.Height / resolution);
        return Locate(
            frames,
            width,
            height,
            resolution,
            new PixelRectangle(
                (int)(painted.Min(pixel => pixel.X) * scaleX),
                (int)(painted.Min(pixel => pixel.Y) * scaleY),
                (int)Math.Ceiling((painted.Max(pixel => pixel.X) + 1) * scaleX),
                (int)Math.Ceiling((painted.Max(pixel => pixel.Y) + 1) * scaleY)
            )
        );
    }

    private static PixelRectangle[] Locate(IEnumerable<byte[]> frames, int width, int height, int resolution, PixelRectangle inCrop)
    {
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var aligner = new FaceAligner(resolution);
        return
        [
            .. frames.Select(frame =>
                landmarker.Find(new RgbImage(width, height, frame)) is { } face
                    ? inCrop.Transform(aligner.Align(face.LeftBrow, face.RightBrow, face.Nose).Invert(), margin: 2, width, height)
                    : default
            ),
        ];
    }
}
