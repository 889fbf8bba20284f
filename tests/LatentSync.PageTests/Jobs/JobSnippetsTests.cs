using System.Text.Json.Nodes;
using LatentSync.Page.Jobs;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.PageTests.Jobs;

/// <summary>Commands that people copy: names of files are whatever somebody calls them.</summary>
public sealed class JobSnippetsTests
{
    [Theory]
    [InlineData("head.mp4", "head.mp4")]
    [InlineData("my head.mp4", "'my head.mp4'")]
    [InlineData("$(rm -r ~).mp4", "'$(rm -r ~).mp4'")]
    [InlineData("it's.mp4", @"'it'\''s.mp4'")]
    [InlineData("-rf", "'-rf'")]
    public void Names_AreQuoted(string name, string quoted) =>
        Assert.Equal($"latentsync sync --video {quoted} --audio upl_2 --out result.mp4 --strict --seed 7", JobSnippets.CommandLine(Job(name)));

    [Fact]
    public void Curl_SendsWhatThePageSent()
    {
        var call = JobSnippets.Curl(Job("head.mp4"), "http://127.0.0.1:8300", needsKey: true);
        Assert.StartsWith("curl http://127.0.0.1:8300/v1/jobs -H \"Authorization: Bearer $LATENTSYNC_KEY\" --json '{", call, StringComparison.Ordinal);
        var body = JsonNode.Parse(call[call.IndexOf('{', StringComparison.Ordinal)..^1])!;
        Assert.True((bool)body["options"]!["strict"]!);
        Assert.Equal(7, (int)body["options"]!["seed"]!);
    }

    private static JobFacts Job(string name) =>
        JobFacts.Of(
            new Job
            {
                Id = "job_1",
                Owner = "local",
                CreatedAt = default,
                UpdatedAt = default,
                State = JobState.Succeeded,
                VideoId = "upl_1",
                AudioId = "upl_2",
                Options = """{"strict":true,"seed":7}""",
                Dialect = "v1",
                Container = ".mp4",
            },
            new Dictionary<string, string> { ["upl_1"] = name },
            hasPicture: false,
            position: null
        );
}
