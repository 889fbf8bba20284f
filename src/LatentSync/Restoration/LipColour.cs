namespace LatentSync.Restoration;

/// <summary>
/// Gives painted lips the colour of the lips in the frame. Lips are what is redder than the skin around the mouth and neither as dark
/// as the inside of the mouth nor as pale as teeth.
/// </summary>
/// <param name="mouth">For each cell, 0 to 1: where lips may be.</param>
/// <param name="blur">Of the same cells.</param>
internal sealed class LipColour(float[] mouth, GridBlur blur)
{
    // How much redder lips are than skin, as a share of red, and how bright.
    private const float SkinRedness = 0.025f;
    private const float LipRedness = 0.055f;
    private const float Inside = 0.3f;
    private const float Lip = 0.5f;
    private const float Black = 30;

    // Fewer cells than this share of all tell no colour; a larger shift would be a mistake.
    private const float FewestCells = 0.004f;
    private const float LargestShift = 60;
    private const float Floor = 1e-3f;

    // At the edge of where lips may be there is skin.
    private readonly float[] _skin = Array.ConvertAll(mouth, share => share * (1 - share));
    private readonly float[] _source = new float[mouth.Length];
    private readonly float[] _painted = new float[mouth.Length];

    /// <summary>Adds to the shift in colour of painted lips what they lack.</summary>
    /// <param name="source">The frame's red, green and blue, 0 to 255.</param>
    /// <param name="painted">The painted face's.</param>
    /// <param name="shift">What is added to the painted colours so far, by channel.</param>
    public void Match(float[][] source, float[][] painted, float[][] shift)
    {
        Find(source, _source, shift: null);
        Find(painted, _painted, shift);
        var (frame, face) = (TensorPrimitives.Sum<float>(_source), TensorPrimitives.Sum<float>(_painted));
        var enough = FewestCells * mouth.Length;
        var confidence = Math.Min(1, frame / enough) * Math.Min(1, face / enough);
        for (var channel = 0; channel < source.Length; channel++)
        {
            var plane = shift[channel];
            var has = (TensorPrimitives.Dot<float>(_painted, painted[channel]) + TensorPrimitives.Dot<float>(_painted, plane)) / Math.Max(face, Floor);
            var wants = TensorPrimitives.Dot<float>(_source, source[channel]) / Math.Max(frame, Floor);
            TensorPrimitives.MultiplyAdd(_painted, confidence * Math.Clamp(wants - has, -LargestShift, LargestShift), plane, plane);
        }
    }

    /// <summary>How much of each cell is lips.</summary>
    private void Find(float[][] planes, float[] lips, float[][]? shift)
    {
        var total = Math.Max(TensorPrimitives.Sum<float>(_skin), Floor);
        Span<float> mean = stackalloc float[planes.Length];
        for (var channel = 0; channel < mean.Length; channel++)
        {
            mean[channel] = TensorPrimitives.Dot<float>(_skin, planes[channel]) / total;
            mean[channel] += shift is null ? 0 : TensorPrimitives.Dot<float>(_skin, shift[channel]) / total;
        }

        var (redness, brightness) = (Redness(mean[0], mean[1], mean[2]), Math.Max(mean[0] + mean[1] + mean[2], 1));
        for (var i = 0; i < lips.Length; i++)
        {
            var (r, g, b) = (planes[0][i], planes[1][i], planes[2][i]);
            if (shift is not null)
            {
                (r, g, b) = (r + shift[0][i], g + shift[1][i], b + shift[2][i]);
            }

            lips[i] =
                mouth[i]
                * MovingArea.SmoothStep(Redness(r, g, b) - redness, SkinRedness, LipRedness)
                * MovingArea.SmoothStep((r + g + b) / brightness, Inside, Lip);
        }

        // Red specks of a model that took few steps are no lips.
        blur.Mean(lips, radius: 1, passes: 2);
    }

    private static float Redness(float red, float green, float blue) => (red - green) / (red + green + blue + Black);
}
