using System.Globalization;
using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.PageTests.Views;

/// <summary>What many visitors cost the server.</summary>
public sealed class ManyPagesTests(Browser browser)
{
    private const int Pages = 100;
    private const int Step = 20;
    private const double LimitMegabytes = 300;

    /// <summary>A hundred pages that stay open, half of them on a job and half on a new one.</summary>
    [Fact(Explicit = true)]
    public async Task AHundredOpenPages()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProgram.StartAsync(
            folder.File("data"),
            new Dictionary<string, string> { ["Devices:0"] = "cpu", ["MinFreeBytes"] = "0" }
        );
        var jobs = new JobClient(server.Client);
        var job = await jobs.SubmitAsync(JobClient.Seed());
        await jobs.WaitAsync(job);
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(Invariant($"idle: {Megabytes(server.ProcessId):0} MB"));
        var visitors = new List<Visitor>();
        try
        {
            while (visitors.Count < Pages)
            {
                var visitor = await browser.VisitAsync(server.Address);
                visitors.Add(visitor);
                await visitor.OpenAsync(visitors.Count % 2 == 0 ? "/" : $"/jobs/{job}");
                if (visitors.Count % Step == 0)
                {
                    output?.WriteLine(Invariant($"{visitors.Count} pages: {Megabytes(server.ProcessId):0} MB"));
                }
            }

            Assert.InRange(Megabytes(server.ProcessId), 0, LimitMegabytes);
        }
        finally
        {
            foreach (var visitor in visitors)
            {
                await visitor.DisposeAsync();
            }
        }
    }

    /// <summary>What the process holds of the machine's memory.</summary>
    private static double Megabytes(int process)
    {
        const string name = "VmRSS:";
        var line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status")
            .Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
