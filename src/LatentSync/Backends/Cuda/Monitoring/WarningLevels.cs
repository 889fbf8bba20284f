namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>Levels that are reported once each, when first reached. Of several reached at once only the highest counts.</summary>
internal sealed class WarningLevels(IEnumerable<double> levels)
{
    private readonly double[] _levels = [.. levels.Order()];
    private int _reached;

    /// <summary>The highest level that is newly reached (at it or above it); null if none is.</summary>
    public double? Reach(double value)
    {
        var count = _levels.Count(level => value >= level);
        if (count <= _reached)
        {
            return null;
        }

        _reached = count;
        return _levels[count - 1];
    }
}
