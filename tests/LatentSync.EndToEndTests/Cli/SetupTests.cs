using System.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>What <c>./latentsync</c> and <c>./test</c> do before they build: <c>eng/setup.sh</c>.</summary>
public class SetupTests
{
    private const string Script = """root=$1; . "$2/eng/setup.sh"; find_dotnet; cd "$2"; printf '%s\n' "$HOME"; dotnet --version""";

    /// <summary>Services start programs without a home folder, where the SDK does not even say its version.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("/nonexistent")]
    public async Task HomeFolder_IsMadeWhereThereIsNone(string? home)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has eng/setup.ps1.");
        using var checkout = new TemporaryFolder();
        var start = new ProcessStartInfo("bash", ["-euc", Script, "bash", checkout.Path, RepositoryFolder.Path])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("DOTNET_CLI_HOME");
        start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Path.Combine(checkout.Path, "artifacts", "home"), lines[0]);
        Assert.StartsWith("10.", lines[1], StringComparison.Ordinal);
    }
}
