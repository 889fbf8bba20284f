using Spectre.Console;

namespace LatentSync.Cli.Reporting;

/// <summary>One bar per stage, with the time left.</summary>
internal sealed class BarProgress(ProgressContext context) : IProgress<LipSyncProgress>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LipSyncStage, ProgressTask> _bars = [];

    public void Report(LipSyncProgress value)
    {
        lock (_gate)
        {
            if (!_bars.TryGetValue(value.Stage, out var bar))
            {
                bar = context.AddTask(StageNames.Of(value.Stage), maxValue: value.Total);
                _bars[value.Stage] = bar;
            }

            bar.Description = StageNames.Of(value.Stage) + StageNames.TimeLeft(value);
            bar.Value = value.Done;
        }
    }
}
