using System.Text.Json.Nodes;
using LatentSync.Cli.Batch;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>Shows how far a batch is, and at its end what became of the jobs.</summary>
internal sealed class BatchView(bool json)
{
    private const string Gap = "  ";

    private int? _job;

    /// <summary>For programs.</summary>
    public bool Json => json;

    /// <summary>A job begins.</summary>
    public void Start(BatchJob job, int count)
    {
        _job = job.Number;
        if (json)
        {
            JsonLines.Write(
                new JsonObject
                {
                    ["event"] = "job",
                    ["job"] = job.Number,
                    ["jobs"] = count,
                    ["state"] = "started",
                    ["output"] = job.Request.Output,
                }
            );
        }
        else
        {
            Console.Error.WriteLine(CommandWords.Say($"Job {job.Number} of {count}: {job.Request.Output}"));
        }
    }

    /// <summary>A job will be tried again.</summary>
    public void Retry(BatchJob job, LipSyncException failure) => Notice(CommandWords.Say($"{failure.Sentence} Trying \"{job.Request.Output}\" again."));

    /// <summary>A job has ended.</summary>
    public void End(BatchOutcome outcome)
    {
        _job = null;
        if (json)
        {
            var line = BatchReportFile.Describe(outcome);
            line.Insert(0, "event", "job");
            JsonLines.Write(line);
        }
        else if (outcome.Error is { } error)
        {
            Console.Error.WriteLine(CommandWords.Say(error));
        }
    }

    /// <summary>Something to know although nothing is wrong.</summary>
    public void Notice(string sentence) => NoticeReport.Write(sentence, json, _job);

    /// <summary>The table of all jobs.</summary>
    public void Summarise(IReadOnlyList<BatchOutcome> outcomes)
    {
        if (json)
        {
            var line = new JsonObject { ["event"] = "batch" };
            foreach (var state in Enum.GetValues<BatchState>())
            {
                line[BatchReportFile.Name(state)] = Count(state);
            }

            line["jobs"] = new JsonArray([.. outcomes.Select(BatchReportFile.Describe)]);
            JsonLines.Write(line);
            return;
        }

        List<string[]> rows =
        [
            [.. ((FormattableString[])[$"job", $"state", $"frames", $"synced", $"time", $"output", $""]).Select(CommandWords.Say)],
        ];
        rows.AddRange(outcomes.Select(Row));
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => Columns.Of(row[column]))).ToList();
        foreach (var row in rows)
        {
            Console.Out.WriteLine(string.Join(Gap, row.Zip(widths, (cell, width) => Columns.Pad(cell, width))).TrimEnd());
        }

        var counts = Enum.GetValues<BatchState>().Where(state => Count(state) > 0).Select(state => CommandWords.Say($"{Count(state)} {Word(state)}"));
        Console.Out.WriteLine(string.Join(CommandWords.Say($", "), counts));

        int Count(BatchState state) => outcomes.Count(outcome => outcome.State == state);
    }

    private static FormattableString Word(BatchState state) =>
        state switch
        {
            BatchState.Done => $"done",
            BatchState.Failed => $"failed",
            BatchState.Skipped => $"skipped",
            BatchState.NotRun => $"not run",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };

    private static string[] Row(BatchOutcome outcome) =>
        [
            Invariant($"{outcome.Job.Number}"),
            CommandWords.Say(Word(outcome.State)),
            outcome.Result is { } result ? Invariant($"{result.Frames}") : string.Empty,
            outcome.Result is { } painted ? Invariant($"{painted.SyncedFrames}") : string.Empty,
            outcome.Result is { } timed ? StageNames.Clock(timed.Elapsed) : string.Empty,
            outcome.Job.Request.Output,
            CommandWords.Say(outcome.Message).ReplaceLineEndings(" "),
        ];
}
