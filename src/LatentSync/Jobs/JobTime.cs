namespace LatentSync.Jobs;

/// <summary>Times of a result as people read them.</summary>
internal static class JobTime
{
    /// <summary>Hours only where there are some: 1:02:03.4 or 2:03.4.</summary>
    public static string Format(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss\.f" : @"m\:ss\.f", CultureInfo.InvariantCulture);
}
