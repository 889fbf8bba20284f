using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// What of a painted face moves, and in which colour it goes into the frame. Frame and painted face are compared on a
/// <see cref="FaceGrid"/>, blurred so that they differ in shapes and not in sharpness. Where lips or chin are in one of the two
/// pictures and not in the other, they differ, whether the mouth opens or closes. Each frame is judged by itself.
/// </summary>
internal sealed class MovingArea
{
    // Shares of the square's side.
    private const double BlurShare = 0.012;
    private const double FieldShare = 0.09;
    private const double SpeckShare = 0.016;
    private const double MarginShare = 0.028;

    // The middle of the mouth in the aligned face, and how far lips reach from it while they speak.
    private const double MouthX = 0.5;
    private const double MouthY = 0.51;
    private const double MouthHalfWidth = 0.17;
    private const double MouthHalfHeight = 0.085;
    private const double MouthEdge = 1.45;

    // Differences of colour, of 255: below the first nothing moves, above the second something does. They grow with the distance
    // from the mouth, in its half axes, since chin and cheeks move less, and what a model paints of beards and collars is less alike.
    private const float StillDifference = 7;
    private const float MovingDifference = 18;
    private const float DifferenceGrowth = 0.4f;

    // Where the picture differs by more than this from the rest of the skin's shift in colour, it does not tell the shift.
    private const float FieldSpan = 24;
    private const float FieldFloor = 1e-3f;

    // A shift that is as large as this is none of the skin: what was painted is something else.
    private const float DoubtfulShift = 40;
    private const float LargestShift = 64;

    private readonly int _side;
    private readonly FaceGrid _source;
    private readonly FaceGrid _painted;
    private readonly GridBlur _blur;
    private readonly LipColour _lips;
    private readonly float[] _kept;
    private readonly float[] _mouth;
    private readonly float[] _distance;
    private readonly float[] _reliable;
    private readonly float[][] _difference;
    private readonly float[][] _shift;
    private readonly float[] _weights;

    /// <summary>For faces of a model resolution.</summary>
    /// <param name="mask">[resolution, resolution]: 1 = keep, 0 = painted.</param>
    /// <param name="resolution">The side of the model's square.</param>
    public MovingArea(ReadOnlySpan<float> mask, int resolution)
    {
        (_source, _painted) = (new FaceGrid(resolution), new FaceGrid(resolution));
        _side = _source.Side;
        _blur = new GridBlur(_side);
        _kept = _source.Reduce(mask);
        (_mouth, _distance) = (new float[_kept.Length], new float[_kept.Length]);
        for (var i = 0; i < _kept.Length; i++)
        {
            var (x, y) = (((i % _side) + 0.5) / _side, ((i / _side) + 0.5) / _side);
            var away = Math.Sqrt(Math.Pow((x - MouthX) / MouthHalfWidth, 2) + Math.Pow((y - MouthY) / MouthHalfHeight, 2));
            _distance[i] = (float)Math.Max(0, away - 1);
            _mouth[i] = SmoothStep((float)away, (float)MouthEdge, 1) * (1 - _kept[i]);
        }

        _lips = new LipColour(_mouth, _blur);
        _reliable = new float[_kept.Length];
        _weights = new float[_kept.Length];
        _difference = [.. Enumerable.Range(0, RgbImage.Channels).Select(_ => new float[_kept.Length])];
        _shift = [.. _difference.Select(plane => new float[plane.Length])];
        Values = new float[(1 + RgbImage.Channels) * _kept.Length];
        FromFace = _source.FromFace();
    }

    /// <summary>Cells per row and column.</summary>
    public int Side => _side;

    /// <summary>From the model's pixels to cells.</summary>
    public AffineTransform FromFace { get; }

    /// <summary>Four planes of cells: how much is painted, 0 to 1, and what is added to the painted red, green and blue, of 255.</summary>
    public float[] Values { get; }

    /// <summary>Judges a frame.</summary>
    /// <param name="frame">The picture before anything is painted.</param>
    /// <param name="faceToFrame">From the model's pixels to those of the frame.</param>
    /// <param name="face">[3, resolution, resolution] RGB in -1..1.</param>
    public void Compute(RgbImage frame, AffineTransform faceToFrame, ReadOnlySpan<float> face)
    {
        _source.Take(frame, faceToFrame);
        _painted.Take(face);
        Subtract();
        MatchSkin();
        FindMoving();
        _lips.Match(_source.Planes, _painted.Planes, _shift);
        for (var plane = 0; plane <= _shift.Length; plane++)
        {
            (plane == 0 ? _weights : _shift[plane - 1]).CopyTo(Values.AsSpan(plane * _kept.Length));
        }
    }

    /// <summary>Frame less painted face, blurred.</summary>
    private void Subtract()
    {
        for (var channel = 0; channel < _difference.Length; channel++)
        {
            TensorPrimitives.Subtract(_source.Planes[channel], _painted.Planes[channel], _difference[channel]);
            _blur.Mean(_difference[channel], Cells(BlurShare), passes: 2);
        }
    }

    /// <summary>
    /// The shift in colour of the skin around the mouth, as a smooth field: what the frame has more than the painted face, where
    /// both show the same thing. The painted face gets it everywhere.
    /// </summary>
    private void MatchSkin()
    {
        Span<float> mean = stackalloc float[RgbImage.Channels];
        _kept.CopyTo(_reliable.AsSpan());
        TensorPrimitives.Add<float>(_reliable, _mouth, _reliable);
        TensorPrimitives.Subtract(1f, _reliable, _reliable);
        TensorPrimitives.Max<float>(_reliable, 0f, _reliable);
        for (var round = 0; round < 2; round++)
        {
            var total = Math.Max(TensorPrimitives.Sum<float>(_reliable), FieldFloor);
            for (var channel = 0; channel < mean.Length; channel++)
            {
                mean[channel] = TensorPrimitives.Dot<float>(_reliable, _difference[channel]) / total;
            }

            for (var i = 0; i < _reliable.Length; i++)
            {
                _reliable[i] *= SmoothStep(Largest(i, mean), FieldSpan, 0);
            }
        }

        var trust = SmoothStep(Math.Abs(TensorPrimitives.MaxMagnitude<float>(mean)), LargestShift, DoubtfulShift);
        _reliable.CopyTo(_weights.AsSpan());
        _blur.Mean(_weights, Cells(FieldShare), passes: 3);
        for (var channel = 0; channel < mean.Length; channel++)
        {
            var field = _shift[channel];
            TensorPrimitives.Multiply(_reliable, _difference[channel], field);
            _blur.Mean(field, Cells(FieldShare), passes: 3);
            for (var i = 0; i < field.Length; i++)
            {
                field[i] = trust * (field[i] + (FieldFloor * mean[channel])) / (_weights[i] + FieldFloor);
            }
        }
    }

    /// <summary>Where frame and painted face still differ, and the mouth.</summary>
    private void FindMoving()
    {
        for (var channel = 0; channel < _difference.Length; channel++)
        {
            TensorPrimitives.Subtract(_difference[channel], _shift[channel], _difference[channel]);
        }

        var weights = _weights;
        for (var i = 0; i < weights.Length; i++)
        {
            var growth = 1 + (DifferenceGrowth * _distance[i]);
            weights[i] = (1 - _kept[i]) * SmoothStep(Largest(i, default), StillDifference * growth, MovingDifference * growth);
        }

        // Specks vanish in the mean of their surroundings.
        _blur.Mean(weights, Cells(SpeckShare), passes: 1);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Max(_mouth[i], SmoothStep(weights[i], 0.2f, 0.7f));
        }

        _blur.Largest(weights, Cells(MarginShare));
        _blur.Mean(weights, Cells(MarginShare), passes: 2);
    }

    /// <summary>The largest difference of the three colours from a shift.</summary>
    private float Largest(int i, ReadOnlySpan<float> shift)
    {
        float largest = 0;
        for (var channel = 0; channel < _difference.Length; channel++)
        {
            largest = Math.Max(largest, Math.Abs(_difference[channel][i] - (shift.IsEmpty ? 0 : shift[channel])));
        }

        return largest;
    }

    private int Cells(double share) => Math.Max(1, (int)Math.Round(share * _side));

    /// <summary>0 up to <paramref name="none"/>, 1 from <paramref name="all"/> on, whichever is larger.</summary>
    internal static float SmoothStep(float value, float none, float all)
    {
        var t = Math.Clamp((value - none) / (all - none), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
