using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Cli.Batch;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>The results of a batch as a file for programs and spreadsheets.</summary>
internal static class BatchReportFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A sentence if the report cannot be written to that file, otherwise null.</summary>
    public static FormattableString? Mistake(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is not (".json" or ".csv") ? (FormattableString)$"--report is {path}; its ending must be .json or .csv."
        : !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) ? (FormattableString)$"--report is {path}; create its folder first."
        : null;

    /// <summary>Writes the report; a file that exists is replaced.</summary>
    /// <exception cref="LipSyncException">OutputFailed.</exception>
    public static void Write(string path, IReadOnlyList<BatchOutcome> outcomes)
    {
        var rows = outcomes.Select(Describe).ToList();
        try
        {
            // Beside it first: there is a whole report or none, and one that is a pipe is replaced instead of waited for.
            var partial = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Guid.NewGuid():N}.partial");
            File.WriteAllText(partial, Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? Json(rows) : Csv(rows));
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"The report \"{path}\" cannot be written ({error.Message.TrimEnd('.')}); choose another file with --report.",
                error
            )
            {
                Path = path,
            };
        }
    }

    private static string Json(List<JsonObject> rows) => new JsonArray([.. rows]).ToJsonString(Indented) + "\n";

    private static string Csv(List<JsonObject> rows)
    {
        IEnumerable<string> header = rows.Count > 0 ? [string.Join(',', rows[0].Select(field => field.Key))] : [];
        return string.Concat(
            header.Concat(rows.Select(row => string.Join(',', row.Select(field => Cell(field.Value))))).Select(line => line + Environment.NewLine)
        );
    }

    /// <summary>One job's results; the same names for each.</summary>
    public static JsonObject Describe(BatchOutcome outcome) =>
        new()
        {
            ["job"] = outcome.Job.Number,
            ["state"] = Name(outcome.State),
            ["video"] = outcome.Job.Request.Video,
            ["audio"] = outcome.Job.Request.Audio,
            ["output"] = outcome.Job.Request.Output,
            ["attempts"] = outcome.Attempts,
            ["frames"] = outcome.Result?.Frames,
            ["synced_frames"] = outcome.Result?.SyncedFrames,
            ["frames_without_face"] = outcome.Result?.FramesWithoutFace,
            ["frames_turned_away"] = outcome.Result?.FramesTurnedAway,
            ["pictures_copied"] = outcome.Result?.PicturesCopied,
            ["elapsed_seconds"] = outcome.Result is { } result ? Math.Round(result.Elapsed.TotalSeconds, 2) : null,
            ["code"] = outcome.Error is { } error ? (int)error.Code : null,
            ["message"] = Message(outcome),
            ["detail"] = outcome.Error?.Detail,
        };

    private static string? Message(BatchOutcome outcome) =>
        CommandWords.SayInEnglish(outcome.Message).ReplaceLineEndings(" ") is { Length: > 0 } message ? message
        : outcome.Error is null ? null
        : string.Empty;

    /// <summary>The state as it is written.</summary>
    public static string Name(BatchState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private static string Cell(JsonNode? value)
    {
        var text = value?.ToString() ?? string.Empty;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
