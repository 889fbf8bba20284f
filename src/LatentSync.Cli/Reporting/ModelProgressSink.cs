namespace LatentSync.Cli.Reporting;

/// <summary>Hands reports on at once and one after the other.</summary>
internal sealed class ModelProgressSink(Action<ModelProgress> report) : IProgress<ModelProgress>
{
    private readonly Lock _gate = new();

    public void Report(ModelProgress value)
    {
        lock (_gate)
        {
            report(value);
        }
    }
}
