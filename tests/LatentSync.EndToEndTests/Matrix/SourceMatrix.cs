using System.Globalization;
using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Matrix;

/// <summary>Tries every pair in every shape. The long form, with LATENTSYNC_LONG_TESTS=1, writes the table of docs/sources.md.</summary>
/// <param name="name">Of the table's file.</param>
internal sealed class SourceMatrix(string name)
{
    private readonly List<string> _mistakes = [];
    private readonly StringBuilder _table = new();
    private int _read;

    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("LATENTSYNC_LONG_TESTS") == "1";

    /// <summary>A part of the names of the rows that are tried alone, such as <c>.ts</c>; null for all.</summary>
    private static string? Row { get; } = Environment.GetEnvironmentVariable("LATENTSYNC_MATRIX_ROW");

    /// <summary>Tries all of them, and fails with all mistakes.</summary>
    /// <param name="pairs">Of them those of the short form, if it is one.</param>
    /// <param name="make">Makes a file; null where there is none of that shape, or this ffmpeg lacks the encoder.</param>
    /// <param name="probe">Says what is in it.</param>
    /// <param name="measure">A cell of the table, and what is wrong, if anything.</param>
    /// <param name="atLeast">So many files have to be read in the long form, and in the short one.</param>
    public async Task RunAsync<T>(
        IEnumerable<T> pairs,
        Func<T, SourceShape, Task<string?>> make,
        Func<string, CancellationToken, Task<MediaInfo>> probe,
        Func<T, SourceShape, MediaInfo, Task<(string Cell, string? Mistake)>> measure,
        (int Long, int Short) atLeast
    )
        where T : ISourcePair
    {
        _table.AppendLine("| file | constant | variable | late start | edit list | gap |").AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (var pair in pairs.Where(pair => (IsLong || pair.IsShort) && pair.Name.Contains(Row ?? "", StringComparison.Ordinal)))
        {
            List<string> cells = [];
            foreach (var shape in Enum.GetValues<SourceShape>())
            {
                cells.Add(IsTried(pair, shape) ? await TryAsync(pair, shape, make, probe, measure) : "");
            }

            _table.AppendLine(CultureInfo.InvariantCulture, $"| {pair.Name} | {string.Join(" | ", cells)} |");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(_table.ToString());
        if (IsLong && Row is null)
        {
            var folder = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Path, "artifacts", "matrix"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), _table.ToString());
        }

        Assert.True(_mistakes.Count == 0, string.Join('\n', _mistakes));
        Assert.True(Row is not null || _read >= (IsLong ? atLeast.Long : atLeast.Short), Invariant($"Only {_read} files were read."));
    }

    /// <summary>False if ffmpeg cannot make such a file.</summary>
    public static async Task<bool> MakeAsync(string[] arguments)
    {
        string[] all = ["-v", "error", "-nostdin", "-y", .. arguments[..^1], "file:" + arguments[^1]];
        return (await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, all, 1 << 20, TestMedia.Token)).ExitCode == 0;
    }

    private static bool IsTried(ISourcePair pair, SourceShape shape) =>
        IsLong
            ? pair.Refused is null || shape == SourceShape.Constant
            : shape == SourceShape.Constant || (shape == SourceShape.Gap && pair.Refused is null && pair.KeepsTimes);

    private async Task<string> TryAsync<T>(
        T pair,
        SourceShape shape,
        Func<T, SourceShape, Task<string?>> make,
        Func<string, CancellationToken, Task<MediaInfo>> probe,
        Func<T, SourceShape, MediaInfo, Task<(string Cell, string? Mistake)>> measure
    )
        where T : ISourcePair
    {
        if (await make(pair, shape) is not { } path)
        {
            return "";
        }

        try
        {
            var media = await probe(path, TestMedia.Token);
            if (pair.Refused is not null)
            {
                return Mistake("was not refused");
            }

            var (cell, mistake) = await measure(pair, shape, media);
            _read++;
            _ = mistake is null ? "" : Mistake(mistake);
            return cell;
        }
        catch (LipSyncException error) when (error.Code == LipSyncErrorCode.InvalidInput)
        {
            return pair.Refused is { } words && error.Message.Contains(words, StringComparison.Ordinal) ? "refused" : Mistake(error.Message);
        }

        string Mistake(string what)
        {
            _mistakes.Add($"{pair.Name}, {shape}: {what}");
            return "wrong";
        }
    }
}
