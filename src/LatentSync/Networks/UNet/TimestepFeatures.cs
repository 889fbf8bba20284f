namespace LatentSync.Networks.UNet;

/// <summary>Sinusoidal features of a diffusion timestep, as Stable Diffusion uses them (cosines first, no shift).</summary>
internal static class TimestepFeatures
{
    private const double MaxPeriod = 10000;

    /// <summary>
    /// <paramref name="destination"/>[i] = cos(t w_i), [i + half] = sin(t w_i) with w_i = 10000^(-i / half).
    /// </summary>
    public static void Compute(int timestep, Span<float> destination)
    {
        var half = destination.Length / 2;
        for (var i = 0; i < half; i++)
        {
            var angle = timestep * Math.Exp(-Math.Log(MaxPeriod) * i / half);
            destination[i] = (float)Math.Cos(angle);
            destination[half + i] = (float)Math.Sin(angle);
        }
    }
}
