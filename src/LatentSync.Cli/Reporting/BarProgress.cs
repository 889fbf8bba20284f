namespace LatentSync.Cli.Reporting;

/// <summary>One bar per stage, with the time left.</summary>
/// <param name="lines">Where they are drawn.</param>
/// <param name="isUnicode">The terminal can draw lines.</param>
/// <param name="time">The clock: bars are drawn ten times a second.</param>
internal sealed class BarProgress(TerminalLines lines, bool isUnicode, TimeProvider time) : IProgress<LipSyncProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly int _nameColumns = Enum.GetValues<LipSyncStage>().Max(stage => Columns.Of(StageNames.Of(stage)));

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<LipSyncStage, LipSyncProgress> _stages = [];
    private long? _drawn;

    public void Report(LipSyncProgress value)
    {
        lock (_gate)
        {
            _stages[value.Stage] = value;
            if (_drawn is { } last && value.Done < value.Total && time.GetElapsedTime(last) < Interval)
            {
                return;
            }

            _drawn = time.GetTimestamp();
            lines.Show([.. _stages.Values.Select(Line)]);
        }
    }

    private string Line(LipSyncProgress progress) =>
        ProgressLine.Format(
            StageNames.Of(progress.Stage),
            _nameColumns,
            (double)progress.Done / progress.Total,
            StageNames.TimeLeft(progress.Remaining),
            lines.Room,
            isUnicode
        );
}
