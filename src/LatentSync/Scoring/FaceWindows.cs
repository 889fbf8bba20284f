using LatentSync.Imaging;
using LatentSync.Networks.SyncNet;

namespace LatentSync.Scoring;

/// <summary>
/// The last 16 faces of a video as SyncNet sees them: lower halves, RGB, -1..1. Holds 6.3 MB. One thread at a time.
/// </summary>
internal sealed class FaceWindows
{
    private const int Size = SyncNetEncoder.FaceSize;
    private const int HalfPlane = Size / 2 * Size;
    private const int FaceLength = RgbImage.Channels * HalfPlane;

    private readonly float[][] _faces = [.. Enumerable.Range(0, SyncNetEncoder.WindowFrames).Select(_ => new float[FaceLength])];
    private int _frames;
    private int _run;

    /// <summary>The shape of a window without its first axis.</summary>
    public static int[] Shape => [SyncNetEncoder.WindowFrames * RgbImage.Channels, Size / 2, Size];

    /// <summary>Takes the next frame; returns the number of the window's first frame if the last 16 frames all had a face, else null.</summary>
    /// <param name="face">The aligned face, 256 pixels square; null if the frame has none.</param>
    public int? Add(RgbImage? face)
    {
        _run = face is null ? 0 : _run + 1;
        if (face is not null)
        {
            PixelPlanes.Fill(face.Pixels.AsSpan(face.Stride * (Size / 2)), _faces[_frames % _faces.Length]);
        }

        _frames++;
        return _run >= _faces.Length ? _frames - _faces.Length : null;
    }

    /// <summary>Copies the window that <see cref="Add"/> announced: frame by frame, each as three planes.</summary>
    public void CopyTo(Span<float> window)
    {
        for (var i = 0; i < _faces.Length; i++)
        {
            _faces[(_frames + i) % _faces.Length].CopyTo(window.Slice(i * FaceLength, FaceLength));
        }
    }
}
