using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>What two workers make of a video, with the real engine and the built-in model, is what one process makes of it.</summary>
public sealed class FrameEqualityTests
{
    // A segment of 10 s and a short one.
    private const int Seconds = 12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public Task Rate25_IsThatOfOneProcess() => CompareAsync("fps=25");

    [Fact(Explicit = true)]
    public Task Rate2997_IsThatOfOneProcess() => CompareAsync("fps=30000/1001");

    [Fact(Explicit = true)]
    public Task VariableRate_IsThatOfOneProcess() => CompareAsync("select='mod(n,7)*mod(n,11)',setpts=PTS+random(1)*0.01/TB");

    private static async Task CompareAsync(string filter)
    {
        using var folder = new TemporaryFolder();
        var (video, audio) = (folder.File("source.mp4"), folder.File("sound.wav"));
        string[] looped = ["-stream_loop", "-1", "-t", Seconds.ToString(CultureInfo.InvariantCulture)];
        await MediaTool.RunAsync([.. looped, "-i", MediaTool.Sample("head.mp4"), "-an", "-vf", filter, "-fps_mode", "vfr", "-crf", "12", video]);
        await MediaTool.RunAsync([.. looped, "-i", MediaTool.Sample("voice.wav"), audio]);
        string[] files = ["--video", video, "--audio", audio, "--out", folder.File("alone.mp4")];
        var (code, _, error) = await ServerProgram.RunAsync(["sync", .. files, "--device", "cpu", "--inference-steps", "1"]);
        Assert.True(code == 0, error);

        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 2, devices: 1, isReal: true);
        var jobs = new JobClient(fleet.Apis[0].Client) { Limit = TimeSpan.FromMinutes(20) };
        var (videoId, audioId) = (await jobs.UploadFileAsync(video), await jobs.UploadFileAsync(audio));
        using var submitted = await jobs.TrySubmitAsync(videoId, audioId, new JsonObject { ["inference_steps"] = 1 });
        var job = await jobs.WaitAsync((string)(await JobClient.JsonAsync(submitted))["id"]!);
        Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
        await File.WriteAllBytesAsync(folder.File("fleet.mp4"), await fleet.Apis[0].Client.GetByteArrayAsync($"/v1/jobs/{job["id"]}/result", Stop), Stop);
        var frames = await MediaTool.FramesAsync(folder.File("alone.mp4"));
        Assert.Equal(frames, await MediaTool.FramesAsync(folder.File("fleet.mp4")));

        // Both took part.
        var segments = (await fleet.WorkAsync((string)job["id"]!)).Where(work => work is { Kind: WorkKind.Segment, State: WorkState.Done }).ToList();
        Assert.Equal(2, segments.Select(work => work.Worker).Distinct(StringComparer.Ordinal).Count());
        TestContext.Current.SendDiagnosticMessage(
            "{0}: {1} frames, {2} segments",
            filter,
            frames.Split('\n').Count(line => line.StartsWith('0')),
            segments.Count
        );
    }
}
