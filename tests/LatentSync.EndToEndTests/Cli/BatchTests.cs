using System.Text.Json.Nodes;
using LatentSync.Cli.Commands;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Many jobs from one file, as a user starts them.</summary>
public sealed class BatchTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// One is done already, one is damaged, two run: the batch continues, says what became of each, and the next start has only
    /// the failure left.
    /// </summary>
    [Fact]
    public async Task AFailure_DoesNotEndTheOthers_AndAnotherStartGoesOn()
    {
        File.WriteAllText(_folder.File("damaged.mp4"), "not a video");
        File.WriteAllText(_folder.File("old.mp4"), "old");
        var jobs = Jobs("old.mp4", "damaged.mp4>damaged-result.mp4", "one.mp4", "two.mkv");
        var first = await CliRun.RunAsync("batch", jobs, "--retries", "1", "--report", _folder.File("report.json"));
        Assert.True(first.ExitCode == BatchCommand.SomeFailed, first.ToString());
        Assert.Equal("1 skipped", first.Output.TrimEnd().Split('\n')[^1].Split(", ")[^1]);
        Assert.Contains("2 done, 1 failed, 1 skipped", first.Output, StringComparison.Ordinal);
        Assert.Contains("exists already; --overwrite replaces it", first.Output, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_folder.File("old.mp4")));
        Assert.True(File.Exists(_folder.File("one.mp4")) && File.Exists(_folder.File("two.mkv")));
        Assert.False(File.Exists(_folder.File("damaged-result.mp4")));

        var report = JsonNode.Parse(File.ReadAllText(_folder.File("report.json")))!.AsArray();
        Assert.Equal(["skipped", "failed", "done", "done"], report.Select(row => (string?)row!["state"]));
        Assert.Equal((3, 1), ((int)report[1]!["code"]!, (int)report[1]!["attempts"]!));
        Assert.Equal(Samples.SoundFrames, (int)report[2]!["frames"]!);

        var second = await CliRun.RunAsync("batch", jobs, "--json");
        Assert.Equal(BatchCommand.SomeFailed, second.ExitCode);
        var last = second.Events[^1];
        Assert.Equal(("batch", 0, 1, 3), ((string)last["event"]!, (int)last["done"]!, (int)last["failed"]!, (int)last["skipped"]!));
        Assert.Single(second.Events, line => (string?)line["state"] == "started");
    }

    [Fact]
    public async Task StopOnError_LeavesTheRest()
    {
        File.WriteAllText(_folder.File("damaged.mp4"), "not a video");
        var jobs = Jobs("damaged.mp4>a.mp4", "b.mp4");
        var result = await CliRun.RunAsync("batch", jobs, "--stop-on-error", "--report", _folder.File("report.csv"));
        Assert.Equal(BatchCommand.SomeFailed, result.ExitCode);
        Assert.Contains("1 failed, 1 not run", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("b.mp4")));
        var rows = File.ReadAllLines(_folder.File("report.csv"));
        Assert.StartsWith("job,state,video,audio,output,attempts,", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("1,failed,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("2,not_run,", rows[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsOfAJob_NameIt()
    {
        var result = await CliRun.RunAsync("batch", Jobs("one.mp4"), "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("started", (string?)result.Events[0]["state"]);
        Assert.All(result.Events.Where(line => (string?)line["event"] == "progress"), line => Assert.Equal(1, (int)line["job"]!));
        var end = result.Events.Last(line => (string?)line["event"] == "job");
        Assert.Equal(("done", _folder.File("one.mp4")), ((string)end["state"]!, (string)end["output"]!));
    }

    [Fact]
    public async Task Mistakes_StartNothing()
    {
        var jobs = Jobs("one.mp4", "two.webm", "gone.mp4>three.mp4");
        var result = await CliRun.RunAsync("batch", jobs);
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        Assert.StartsWith("job 2 (line 8): ", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith("job 3 (line 10): ", result.ErrorLines[1], StringComparison.Ordinal);
        Assert.StartsWith("Nothing was started;", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("one.mp4")));
    }

    [Fact]
    public async Task CtrlC_KeepsWhatIsDone()
    {
        using var run = CliRun.Start("batch", Jobs("one.mp4", "two.mp4"), "--json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!File.Exists(_folder.File("one.mp4")))
        {
            await Task.Delay(20, limit.Token);
        }

        run.Interrupt(group: false);
        var result = await run.FinishAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Equal("cancelled", (string?)result.Events[^1]["event"]);
        Assert.Equal(("batch", 1, 1), ((string)result.Events[^2]["event"]!, (int)result.Events[^2]["done"]!, (int)result.Events[^2]["not_run"]!));
        Assert.False(File.Exists(_folder.File("two.mp4")));
    }

    /// <summary>A file of jobs with small settings; each is an output, or "video&gt;output".</summary>
    private string Jobs(params string[] outputs)
    {
        var path = _folder.File("jobs.yaml");
        var defaults = $"defaults:\n  video: \"{samples.Talk}\"\n  audio: \"{samples.Sound}\"\n  models: \"{samples.Models}\"\n";
        const string small = "inference_steps: 1, lips_expression: 1, num_frames: 8";
        var jobs = outputs.Select(output =>
            output.Split('>') is [var video, var named] ? $"  - {{{small}, video: {video},\n     out: {named}}}\n" : $"  - {{{small},\n     out: {output}}}\n"
        );
        File.WriteAllText(path, defaults + "jobs:\n" + string.Concat(jobs));
        return path;
    }
}
