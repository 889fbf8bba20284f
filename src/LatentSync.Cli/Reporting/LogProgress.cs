using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>For logs: a line per stage at each tenth.</summary>
internal sealed class LogProgress(TextWriter log) : IProgress<LipSyncProgress>
{
    private const int Tenths = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<LipSyncStage, long> _written = [];

    public void Report(LipSyncProgress value)
    {
        lock (_gate)
        {
            var tenth = value.Done * Tenths / value.Total;
            if (_written.TryGetValue(value.Stage, out var last) && tenth <= last)
            {
                return;
            }

            _written[value.Stage] = tenth;
            var (stage, percent) = (StageNames.Of(value.Stage), 100 * value.Done / value.Total);
            log.WriteLine(
                CommandWords.Say(
                    StageNames.TimeLeft(value.Remaining) is { Length: > 0 } left ? $"{stage}: {percent} %, {left}" : (FormattableString)$"{stage}: {percent} %"
                )
            );
        }
    }
}
