namespace LatentSync.Jobs;

/// <summary>Whether a job is the one that was begun: going on with other settings would join parts of two results.</summary>
internal static class JobComparison
{
    /// <summary>Refuses another job.</summary>
    /// <exception cref="LipSyncException">InvalidOptions, with the first thing that differs.</exception>
    public static void RequireSame(JobDescription known, JobDescription wanted)
    {
        foreach (var option in wanted.Options.Keys.Union(known.Options.Keys, StringComparer.Ordinal))
        {
            var (before, now) = (known.Options.GetValueOrDefault(option), wanted.Options.GetValueOrDefault(option));
            if (before != now)
            {
                throw Other(wanted.Output, now is null ? $"with {option} {before}" : before is null ? $"without {option}" : $"with {option} {before} instead of {now}");
            }
        }

        foreach (var (fact, now) in wanted.Facts)
        {
            if (known.Facts.GetValueOrDefault(fact) != now)
            {
                throw Other(wanted.Output, $"with another {fact}");
            }
        }
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
                    $"\"{inputs[option]}\" has changed since \"{known.Output}\" was begun; put the file back that it was, or begin again with --restart.")
                {
                    Path = inputs[option],
                };
            }
        }
    }

    private static LipSyncException Other(string output, string difference) => new(
        LipSyncErrorCode.InvalidOptions,
        $"\"{output}\" was begun {difference}; run it as it was begun to go on, or begin again with --restart.")
    {
        Path = output,
    };
}
