namespace LatentSync.FleetLoad.Simulation;

/// <summary>Something that does one thing after the other, in the order in which they come.</summary>
internal sealed class Station
{
    private double _free;

    /// <summary>Seconds in which it worked.</summary>
    public double Busy { get; private set; }

    /// <summary>The longest that anything waited for it.</summary>
    public double LongestWait { get; private set; }

    /// <summary>Does something, and says when it is done.</summary>
    /// <param name="now">When it comes.</param>
    /// <param name="seconds">How long it takes.</param>
    public double Do(double now, double seconds)
    {
        LongestWait = Math.Max(LongestWait, _free - now);
        Busy += seconds;
        return _free = Math.Max(now, _free) + seconds;
    }
}
