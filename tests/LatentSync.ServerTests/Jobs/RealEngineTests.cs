using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Jobs;

/// <summary>The real engine and the built-in model.</summary>
public sealed class RealEngineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_IsFrameForFrameThatOfTheCommandLine()
    {
        using var folder = new TemporaryFolder();
        var (video, audio) = await MakeAloneAsync(folder);

        await using var server = await ServerProgram.StartAsync(folder.File("data"), isReal: true, arguments: ["--device", "cpu"]);
        var jobs = new JobClient(server.Client);
        using var submitted = await jobs.TrySubmitAsync(
            await jobs.UploadFileAsync(video),
            await jobs.UploadFileAsync(audio),
            new System.Text.Json.Nodes.JsonObject { ["inference_steps"] = 1 }
        );
        var job = await jobs.WaitAsync((string)(await JobClient.JsonAsync(submitted))["id"]!);
        Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
        var id = (string)job["id"]!;
        await CheckAsync(folder, server, id);
        Assert.Equal(30, (int?)job["analysis"]!["frames"]);
        foreach (var picture in new[] { "preview.png", "faces/0.png" })
        {
            var png = await server.Client.GetByteArrayAsync($"/v1/jobs/{id}/{picture}", Stop);
            Assert.Equal("\u0089PNG", System.Text.Encoding.Latin1.GetString(png, 0, 4));
        }

        var score = (await jobs.WaitAsync(id, job => job["score"] is not null))["score"]!;
        Assert.Equal(30, (int?)score["frames"]);
        await CheckPathsAsync(folder, server, job);
    }

    [Fact(Explicit = true)] // a quarter of an hour
    public async Task KilledFfmpegs_LeaveTheResultsAsTheyAre()
    {
        const int jobCount = 20;
        const int kills = 100;
        using var folder = new TemporaryFolder();
        var (video, audio) = await MakeAloneAsync(folder);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Attempts"] = "100" };
        await using var server = await ServerProgram.StartAsync(folder.File("data"), settings, isReal: true, arguments: ["--device", "cpu"]);
        var jobs = new JobClient(server.Client) { Limit = TimeSpan.FromMinutes(30) };
        var (videoId, audioId) = (await jobs.UploadFileAsync(video), await jobs.UploadFileAsync(audio));
        var ids = new List<string>();
        for (var i = 0; i < jobCount; i++)
        {
            using var submitted = await jobs.TrySubmitAsync(videoId, audioId, new System.Text.Json.Nodes.JsonObject { ["inference_steps"] = 1 });
            ids.Add((string)(await JobClient.JsonAsync(submitted))["id"]!);
        }

        var random = new Random(3);
        for (var kill = 0; kill < kills; )
        {
            await Task.Delay(random.Next(100, 4000), Stop);
            if (Victims.Descendants(server.ProcessId, "ffmpeg") is { Count: > 0 } found)
            {
                Victims.Kill(found[random.Next(found.Count)]);
                kill++;
            }
            else if ((await Task.WhenAll(ids.Select(jobs.GetAsync))).All(job => (string?)job["state"] is "succeeded" or "failed"))
            {
                Assert.Fail(Invariant($"All jobs had ended after {kill} kills."));
            }
        }

        foreach (var id in ids)
        {
            var job = await jobs.WaitAsync(id);
            Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
            await CheckAsync(folder, server, id);
        }
    }

    [Fact]
    public async Task BombsAndPlaylists_AreRefusedByTheEngine()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProgram.StartAsync(folder.File("data"), isReal: true, arguments: ["--device", "cpu"]);
        var jobs = new JobClient(server.Client);
        string[] inputs =
        [
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile /etc/passwd\n",
            "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>",
            "PK\u0003\u0004" + new string('\0', 100),
            "\0\0\0\u0008moov\u007f\u007f\u007f\u007ftrak",
        ];
        var voice = await jobs.UploadFileAsync(Sample("voice.wav"));
        foreach (var input in inputs)
        {
            using var submitted = await jobs.TrySubmitAsync(await jobs.UploadAsync(input), voice);
            var job = await jobs.WaitAsync((string)(await JobClient.JsonAsync(submitted))["id"]!);
            Assert.Equal("failed", (string?)job["state"]);
            Assert.Equal("invalid_input", (string?)job["error"]!["kind"]);
            Assert.DoesNotContain("root:", job.ToJsonString(), StringComparison.Ordinal);
            await CheckPathsAsync(folder, server, job);
        }
    }

    /// <summary>A second of the samples, and <c>alone.mp4</c>: what the command line makes of it.</summary>
    private static async Task<(string Video, string Audio)> MakeAloneAsync(TemporaryFolder folder)
    {
        var (video, audio) = (Sample("head.mp4"), folder.File("voice.wav"));
        Assert.Equal(0, (await Tool("ffmpeg", "-v", "error", "-i", Sample("voice.wav"), "-t", "1.2", audio)).ExitCode);
        string[] files = ["--video", video, "--audio", audio, "--out", folder.File("alone.mp4")];
        var (code, _, error) = await ServerProgram.RunAsync(["sync", .. files, "--device", "cpu", "--inference-steps", "1"]);
        Assert.True(code == 0, error);
        return (video, audio);
    }

    /// <summary>A job's result is what the command line made.</summary>
    private static async Task CheckAsync(TemporaryFolder folder, ServerProgram server, string id)
    {
        await File.WriteAllBytesAsync(folder.File("served.mp4"), await server.Client.GetByteArrayAsync($"/v1/jobs/{id}/result", Stop), Stop);
        Assert.Equal(await FramesAsync(folder.File("alone.mp4")), await FramesAsync(folder.File("served.mp4")));
    }

    /// <summary>Nothing that clients read says where the server keeps its files.</summary>
    private static async Task CheckPathsAsync(TemporaryFolder folder, ServerProgram server, System.Text.Json.Nodes.JsonObject job)
    {
        var name = Path.GetFileName(folder.Path);
        var events = await server.Client.GetStringAsync($"/v1/jobs/{(string)job["id"]!}/events", Stop);
        Assert.DoesNotContain(name[^32..], job.ToJsonString() + events, StringComparison.Ordinal);
    }

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);

    private static async Task<string> FramesAsync(string path) =>
        (await Tool("ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-f", "framemd5", "-")).Output;

    private static async Task<(int ExitCode, string Output)> Tool(string name, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, output);
    }
}
