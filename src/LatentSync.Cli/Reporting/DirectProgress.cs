namespace LatentSync.Cli.Reporting;

/// <summary>Hands reports on at once and in order, which <see cref="Progress{T}"/> does not promise.</summary>
internal sealed class DirectProgress(Action<LipSyncProgress> report) : IProgress<LipSyncProgress>
{
    public void Report(LipSyncProgress value) => report(value);
}
