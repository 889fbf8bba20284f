namespace LatentSync.Pipeline.FileJob;

/// <summary>What a job needs besides its request to resume after it was stopped.</summary>
internal sealed record JobSettings
{
    // For tests: jobs of seconds with several parts.
    private const string SegmentVariable = "LATENTSYNC_SEGMENT_SECONDS";
    private const double UsualSegmentSeconds = 10;

    /// <summary>The engine's options that a command line would need to start the job again and that change the result.</summary>
    public IReadOnlyDictionary<string, string> EngineOptions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What else the result depends on: the model and what it runs on.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told one sentence about what is kept and where a job resumes.</summary>
    public Action<FormattableString>? Notice { get; init; }

    /// <summary>How long a part of the result is at least.</summary>
    public TimeSpan SegmentDuration { get; init; } = UsualSegmentDuration;

    /// <summary>The same where nobody says otherwise.</summary>
    public static TimeSpan UsualSegmentDuration =>
        TimeSpan.FromSeconds(
            double.TryParse(Environment.GetEnvironmentVariable(SegmentVariable), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0
                ? seconds
                : UsualSegmentSeconds
        );
}
