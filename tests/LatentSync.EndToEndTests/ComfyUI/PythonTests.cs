using System.Text.RegularExpressions;

namespace LatentSync.EndToEndTests.ComfyUI;

/// <summary>
/// The tests of the node pack, in comfyui/tests: run once by a Python that has PyTorch and Pillow, each reported as a test
/// here. Where there is no such Python, one test is skipped with the reason.
/// </summary>
public sealed partial class PythonTests(PythonRun run) : IClassFixture<PythonRun>
{
    /// <summary>Found in the sources, so that a test that does not run at all is noticed.</summary>
    public static TheoryData<string> Tests()
    {
        var data = new TheoryData<string>();
        if (PythonRun.FindPython() is null)
        {
            data.Add("All");
            return data;
        }

        foreach (var file in Directory.EnumerateFiles(PythonRun.Folder, "test_*.py").Order(StringComparer.Ordinal))
        {
            var type = string.Empty;
            foreach (Match match in Declaration().Matches(File.ReadAllText(file)))
            {
                type = match.Groups["class"] is { Success: true, Value: var name } ? name : type;
                if (match.Groups["test"].Success)
                {
                    data.Add($"{Path.GetFileNameWithoutExtension(file)}.{type}.{match.Groups["test"].Value}");
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Python(string test)
    {
        Cli.DemoProgram.SkipWithoutModel();
        Assert.SkipWhen(PythonRun.FindPython() is null, $"SKIPPED: {PythonRun.Missing}");
        var results = await run.Results;
        Assert.True(results.TryGetValue(test, out var result), $"{test} did not run:{Environment.NewLine}{run.Log}");
        Assert.SkipWhen(result.Kind == "skip", result.Text);
        Assert.True(result.Kind == "ok", result.Text);
    }

    [GeneratedRegex(@"^class (?<class>\w+)|^    def (?<test>test_\w+)\(", RegexOptions.Multiline, 1000)]
    private static partial Regex Declaration();
}
