namespace LatentSync.Tests.Diffusion;

/// <summary>
/// A network that could not be better, for data that are distributed normally: its noise is the expected one, and the way of the
/// samplers with infinitely many steps is known, since the flow keeps (x - alpha mean) / sqrt(alpha^2 deviation^2 + sigma^2).
/// </summary>
/// <param name="mean">The data's mean.</param>
/// <param name="deviation">Their standard deviation.</param>
internal sealed class GaussianModel(double mean, double deviation)
{
    /// <summary>The noise in x where the clean data's share of the variance is <paramref name="cumulative"/>.</summary>
    public double Noise(double x, double cumulative) => Math.Sqrt(1 - cumulative) * (x - (Math.Sqrt(cumulative) * mean)) / Variance(cumulative);

    /// <summary>Where the flow takes x.</summary>
    public double Flow(double x, double from, double to) =>
        (Math.Sqrt(to) * mean) + (Math.Sqrt(Variance(to) / Variance(from)) * (x - (Math.Sqrt(from) * mean)));

    private double Variance(double cumulative) => (cumulative * deviation * deviation) + 1 - cumulative;
}
