using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>What a run of the command line left behind.</summary>
internal sealed partial record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard error without the lines of progress.</summary>
    public IReadOnlyList<string> ErrorLines => [.. Lines(Error).Where(line => !ProgressLine().IsMatch(line))];

    /// <summary>Standard output as one JSON object a line.</summary>
    public IReadOnlyList<JsonObject> Events => [.. Lines(Output).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>The exit code and one sentence, which ends as sentences do and holds the given parts; details may follow it.</summary>
    public void AssertFailed(LipSyncErrorCode code, params string[] parts)
    {
        Assert.True((int)code == ExitCode, ToString());
        Assert.NotEmpty(ErrorLines);
        var sentence = ErrorLines[0];
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        Assert.DoesNotContain(ErrorLines, line => line.Contains("Unhandled exception", StringComparison.Ordinal));
        Assert.DoesNotContain(ErrorLines, string.IsNullOrWhiteSpace);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"exit code {ExitCode}: {sentence}"));
    }

    public override string ToString() => Invariant($"exit code {ExitCode}\n{Output}\n{Error}");

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.None)[..^1];

    [GeneratedRegex(@"^(Preparing|Faces|Diffusion|Output): \d+ %", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProgressLine();
}
