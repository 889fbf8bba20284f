namespace LatentSync.Jobs;

/// <summary>What a job is: <c>job.json</c> in its folder. A job is resumed only where all of it is the same.</summary>
internal sealed record JobDescription
{
    /// <summary>The output's full path.</summary>
    public required string Output { get; init; }

    /// <summary>The options that start the job again, by property, without those that do not change the result.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>What else the result depends on: versions, the model, the device.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>SHA-256 of the input files by their option.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }
}
