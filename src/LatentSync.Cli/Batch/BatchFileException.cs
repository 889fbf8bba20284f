namespace LatentSync.Cli.Batch;

/// <summary>A file of jobs that is not what it should be.</summary>
/// <param name="reason">What is wrong, as a clause.</param>
/// <param name="line">Where, from 1; null if it is about the whole file.</param>
internal sealed class BatchFileException(FormattableString reason, int? line = null) : Exception(Invariant(reason))
{
    /// <summary>What is wrong and where, as a clause.</summary>
    public FormattableString Reason => line is null ? reason : $"line {line}: {reason}";
}
