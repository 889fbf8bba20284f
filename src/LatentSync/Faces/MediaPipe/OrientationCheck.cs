using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// Tells upright faces from those of a picture that is turned. The detector finds some of these too, with a lower score,
/// and the mesh then lies across them; in the picture turned upright the detector is much surer of the same place.
/// </summary>
/// <param name="detector">Finds faces.</param>
/// <param name="isFace">Whether what the detector found in a frame is a face on a closer look.</param>
internal sealed class OrientationCheck(BlazeFaceDetector detector, Func<RgbImage, FaceDetection, bool> isFace)
{
    // Of a face at 45 degrees both neighbouring quarters see the same; it is taken for upright.
    private const double Margin = 0.05;

    // What the detector says of upright faces that look ahead; turned ones get 0.8 at most.
    private const double SureScore = 0.85;

    private const int Quarters = 4;

    private RgbImage? _turned;

    /// <summary>Frames that were looked at in all four positions.</summary>
    public int Looks { get; private set; }

    /// <summary>Those of them with a face that is not upright.</summary>
    public int TurnedFaces { get; private set; }

    /// <summary>
    /// Whether a face of the frame is seen upright, and not better in another position of the frame. What is seen of a turned
    /// face may be but a part of it.
    /// </summary>
    public bool IsUpright(RgbImage frame, FaceDetection face)
    {
        if (face.Score >= SureScore)
        {
            return true;
        }

        var isTurned = IsSeenTurned(frame, face.Score + Margin, (_, _, found) => face.Box.Overlap(found) > 0);
        Count(isTurned);
        return !isTurned;
    }

    /// <summary>Looks for faces in a frame in which none was seen.</summary>
    public void Look(RgbImage frame) => Count(IsSeenTurned(frame, SureScore, (turned, found, _) => isFace(turned, found)));

    /// <summary>A face was found whose landmarks say themselves that it is not upright.</summary>
    public void CountTurned() => Count(isTurned: true);

    private void Count(bool isTurned)
    {
        Looks++;
        TurnedFaces += isTurned ? 1 : 0;
    }

    private bool IsSeenTurned(RgbImage frame, double score, Func<RgbImage, FaceDetection, FaceBox, bool> isWanted)
    {
        for (var quarter = 1; quarter < Quarters; quarter++)
        {
            var turned = Turn(frame, quarter);
            foreach (var found in detector.Detect(turned))
            {
                if (found.Score >= score && isWanted(turned, found, Back(found.Box, frame, quarter)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The frame turned clockwise by quarters of a circle.</summary>
    private RgbImage Turn(RgbImage frame, int quarter)
    {
        var (width, height) = quarter % 2 == 0 ? (frame.Width, frame.Height) : (frame.Height, frame.Width);
        if (_turned is null || _turned.Width != width || _turned.Height != height)
        {
            _turned = new RgbImage(width, height);
        }

        for (var y = 0; y < height; y++)
        {
            var row = _turned.Row(y);
            var (from, step) = quarter switch
            {
                1 => (((frame.Height - 1) * frame.Stride) + (y * RgbImage.Channels), -frame.Stride),
                2 => (((frame.Height - 1 - y) * frame.Stride) + ((frame.Width - 1) * RgbImage.Channels), -RgbImage.Channels),
                _ => ((frame.Width - 1 - y) * RgbImage.Channels, frame.Stride),
            };
            for (var x = 0; x < row.Length; x += RgbImage.Channels, from += step)
            {
                row[x] = frame.Pixels[from];
                row[x + 1] = frame.Pixels[from + 1];
                row[x + 2] = frame.Pixels[from + 2];
            }
        }

        return _turned;
    }

    /// <summary>A box of the turned frame in the frame as it is.</summary>
    private static FaceBox Back(FaceBox box, RgbImage frame, int quarter) =>
        quarter switch
        {
            1 => new FaceBox(box.Top, frame.Height - box.Right, box.Bottom, frame.Height - box.Left),
            2 => new FaceBox(frame.Width - box.Right, frame.Height - box.Bottom, frame.Width - box.Left, frame.Height - box.Top),
            _ => new FaceBox(frame.Width - box.Bottom, box.Left, frame.Width - box.Top, box.Right),
        };
}
