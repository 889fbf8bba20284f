namespace LatentSync.FleetLoad.Simulation;

/// <summary>What comes in.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="JobsPerSecond">How many jobs arrive, on average; zero for all at the start.</param>
/// <param name="Seconds">Median length of the videos.</param>
/// <param name="Spread">Standard deviation of the logarithm of the length; zero for all the same.</param>
/// <param name="Jobs">How many jobs in all.</param>
internal sealed record Workload(string Name, double JobsPerSecond, double Seconds, double Spread, int Jobs)
{
    /// <summary>Frames a second of the videos.</summary>
    public double FrameRate { get; init; } = 25;

    /// <summary>How much more than the average comes in the middle of the run, and less at its ends: 0 to 1.</summary>
    public double Swing { get; init; }

    /// <summary>Average length of the videos.</summary>
    public double MeanSeconds => Seconds * Math.Exp(Spread * Spread / 2);
}
