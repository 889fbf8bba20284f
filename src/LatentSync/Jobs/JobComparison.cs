namespace LatentSync.Jobs;

/// <summary>Whether a job is the one that was started: resuming with other settings would join parts of two results.</summary>
internal static class JobComparison
{
    /// <summary>A fact of a job: what it was made with.</summary>
    public const string EngineVersion = "version of latentsync";

    /// <inheritdoc cref="EngineVersion"/>
    public const string FfmpegVersion = "version of ffmpeg";

    /// <summary>A fact of a job: how long its parts are.</summary>
    public const string PartLength = "length of parts";

    /// <inheritdoc cref="EngineVersion"/>
    public const string Model = "model";

    /// <inheritdoc cref="EngineVersion"/>
    public const string Resolution = "resolution";

    private static readonly OptionReference Restart = new(nameof(Restart));

    /// <summary>Refuses another job.</summary>
    /// <exception cref="LipSyncException">InvalidOptions, with the first thing that differs.</exception>
    public static void RequireSame(JobDescription known, JobDescription wanted)
    {
        if (Difference(known, wanted) is { } difference)
        {
            throw Other(wanted.Output, difference);
        }
    }

    /// <summary>The first thing in which a job differs from another, to be said after "was started"; null if nothing does.</summary>
    public static FormattableString? Difference(JobDescription known, JobDescription wanted)
    {
        foreach (var option in wanted.Options.Keys.Union(known.Options.Keys, StringComparer.Ordinal))
        {
            var (before, now) = (known.Options.GetValueOrDefault(option), wanted.Options.GetValueOrDefault(option));
            if (before != now)
            {
                var property = new OptionReference(option);
                return now is null ? $"with {property} {before}"
                    : before is null ? $"without {property}"
                    : (FormattableString)$"with {property} {before} instead of {now}";
            }
        }

        foreach (var (fact, now) in wanted.Facts)
        {
            if (known.Facts.GetValueOrDefault(fact) != now)
            {
                return $"with another {Word(fact)}";
            }
        }

        return null;
    }

    /// <summary>Refuses inputs that are no longer what they were.</summary>
    /// <exception cref="LipSyncException">InvalidInput.</exception>
    public static void RequireSameInputs(JobDescription known, IReadOnlyDictionary<string, string> digests, IReadOnlyDictionary<string, string> inputs)
    {
        foreach (var (option, digest) in digests)
        {
            if (known.Inputs.GetValueOrDefault(option) != digest)
            {
                throw new LipSyncException(
                    LipSyncErrorCode.InvalidInput,
                    $"\"{inputs[option]}\" has changed since \"{known.Output}\" was started; put the original file back, or start over with {Restart}."
                )
                {
                    Path = inputs[option],
                };
            }
        }
    }

    private static FormattableString Word(string fact) =>
        fact switch
        {
            EngineVersion => $"version of latentsync",
            FfmpegVersion => $"version of ffmpeg",
            PartLength => $"length of parts",
            Model => $"model",
            Resolution => $"resolution",
            _ => $"{fact}",
        };

    private static LipSyncException Other(string output, FormattableString difference) =>
        new(LipSyncErrorCode.InvalidOptions, $"\"{output}\" was started {difference}; rerun with the original options to resume, or start over with {Restart}.")
        {
            Path = output,
        };
}
