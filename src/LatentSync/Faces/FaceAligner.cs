using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// Finds the similarity transform that takes two eyebrows and a nose to fixed places of the face crop. Smooths over
/// time: one aligner serves one video, its frames in order.
/// </summary>
internal sealed class FaceAligner
{
    private const double PreviousShare = 0.2;
    private const double CurrentShare = 0.8;

    // Six numbers with n - 1, as torch.std counts them.
    private const int DegreesOfFreedom = 5;
    private const double MinSpread = 1e-6;

    private readonly FacePoints _template;
    private readonly bool _smooth;
    private Point2D? _bias;

    /// <summary>An aligner for a model resolution.</summary>
    /// <param name="resolution">The side of the model's square input, such as 256 or 512.</param>
    /// <param name="smooth">Whether to smooth over the frames of the video.</param>
    public FaceAligner(int resolution, bool smooth = true)
    {
        var scale = CropSize.PixelsPerUnit(resolution);
        _template = new FacePoints(new Point2D(17 * scale, 20 * scale), new Point2D(58 * scale, 20 * scale), new Point2D(37.5 * scale, 40 * scale));
        _smooth = smooth;
    }

    /// <summary>The transform from frame pixels to pixels of the crop (<see cref="CropSize"/>).</summary>
    /// <exception cref="ArgumentException">The points coincide or are not numbers; the smoothing is as it was.</exception>
    public AffineTransform Align(Point2D leftBrow, Point2D rightBrow, Point2D nose) =>
        TryAlign(leftBrow, rightBrow, nose) ?? throw new ArgumentException("The eyebrows and the nose coincide or are not numbers.", nameof(nose));

    /// <summary>The same; null, with the smoothing as it was, if the points coincide or are not numbers.</summary>
    public AffineTransform? TryAlign(Point2D leftBrow, Point2D rightBrow, Point2D nose)
    {
        var points = new FacePoints(leftBrow, rightBrow, nose);
        var (centre, spread) = (points.Centre, points.Spread(DegreesOfFreedom));
        if (!(spread >= MinSpread) || !double.IsFinite(spread))
        {
            return null;
        }

        var (target, targetSpread) = (_template.Centre, _template.Spread(DegreesOfFreedom));
        var (cosine, sine) = Rotation(points.Relative(centre, spread), _template.Relative(target, targetSpread));
        var scale = targetSpread / spread;
        var (c, s) = (scale * cosine, scale * sine);
        var transform = new AffineTransform(c, -s, target.X - ((c * centre.X) - (s * centre.Y)), s, c, target.Y - ((s * centre.X) + (c * centre.Y)));
        if (!_smooth)
        {
            return transform;
        }

        var bias = Smooth(points.Relative(centre, spread).Nose, _template.Relative(target, targetSpread).Nose);
        return transform.Translate(bias.X, bias.Y);
    }

    /// <summary>The same for a face as it is shown: from the transformed frame to the crop.</summary>
    /// <param name="face">In pixels of the frame.</param>
    /// <param name="toSquarePixels">From <see cref="AffineTransform.ToSquarePixels"/>.</param>
    public AffineTransform? TryAlign(FaceLandmarks face, AffineTransform toSquarePixels) =>
        TryAlign(toSquarePixels.Apply(face.LeftBrow), toSquarePixels.Apply(face.RightBrow), toSquarePixels.Apply(face.Nose));

    /// <summary>Forgets the frames so far, as at the start of a video.</summary>
    public void Reset() => _bias = null;

    /// <summary>
    /// Cosine and sine of the least-squares rotation. With H the 2x2 covariance of the point sets and H = U S V^T, the
    /// rotation V U^T (V's last column flipped if that were a reflection) is the angle
    /// atan2(H12 - H21, H11 + H22), which needs no decomposition.
    /// </summary>
    private static (double Cosine, double Sine) Rotation(FacePoints from, FacePoints to)
    {
        var same = Dot(from.LeftBrow, to.LeftBrow) + Dot(from.RightBrow, to.RightBrow) + Dot(from.Nose, to.Nose);
        var turned = Cross(from.LeftBrow, to.LeftBrow) + Cross(from.RightBrow, to.RightBrow) + Cross(from.Nose, to.Nose);
        var angle = Math.Atan2(turned, same);
        return (Math.Cos(angle), Math.Sin(angle));
    }

    private Point2D Smooth(Point2D nose, Point2D templateNose)
    {
        var bias = new Point2D(templateNose.X - nose.X, templateNose.Y - nose.Y);
        if (_bias is { } previous)
        {
            bias = new Point2D((PreviousShare * previous.X) + (CurrentShare * bias.X), (PreviousShare * previous.Y) + (CurrentShare * bias.Y));
        }

        _bias = bias;
        return bias;
    }

    private static double Dot(Point2D a, Point2D b) => (a.X * b.X) + (a.Y * b.Y);

    private static double Cross(Point2D a, Point2D b) => (a.X * b.Y) - (a.Y * b.X);
}
