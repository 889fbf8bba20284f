namespace LatentSync.FleetLoad.Simulation;

/// <summary>A job and where it is.</summary>
internal sealed class SimulatedJob(int number, double arrival, double seconds, int frames, int segments)
{
    public int Number => number;

    public double Arrival => arrival;

    public double Seconds => seconds;

    public int Frames => frames;

    public int Segments => segments;

    /// <summary>What waits of it.</summary>
    public int Waiting { get; set; } = 1;

    /// <summary>Workers that are at it.</summary>
    public int Workers { get; set; }

    public bool IsAnalysed { get; set; }

    public int Done { get; set; }

    public double Begun { get; set; } = double.NaN;

    public double Ended { get; set; }

    /// <summary>Its row, which each change locks.</summary>
    public Station Row { get; } = new();
}
