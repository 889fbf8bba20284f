using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync inspect</c> on everything it knows, and on what it does not.</summary>
public sealed class InspectTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Video_IsDescribed()
    {
        var facts = await InspectAsync(samples.Talk);
        Assert.Equal(("video", "360x560", "25/1"), (facts["kind"], facts["size"], facts["frame_rate"]));
        Assert.StartsWith("1.2 s", facts["duration"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sound_IsDescribed()
    {
        var facts = await InspectAsync(samples.Sound);
        Assert.Equal(("sound", "44100 Hz, 2 channels"), (facts["kind"], facts["sample_rate"]));
    }

    [Theory]
    [InlineData("latentsync_unet.pt", "LatentSync UNet")]
    [InlineData("whisper/tiny.pt", "Whisper")]
    [InlineData("vae/diffusion_pytorch_model.safetensors", "VAE")]
    public async Task Checkpoint_IsTold(string name, string network)
    {
        var facts = await InspectAsync(Path.Combine(samples.Models, name));
        Assert.Equal(("checkpoint", network), (facts["kind"], facts["network"]));
        Assert.InRange(int.Parse(facts["tensors"], System.Globalization.CultureInfo.InvariantCulture), 10, 5000);
    }

    [Fact]
    public async Task ModelFolder_IsDescribed()
    {
        var facts = await InspectAsync(samples.Models);
        Assert.Equal(("model folder", "128", "384"), (facts["kind"], facts["resolution"], facts["audio_width"]));
    }

    [Fact]
    public async Task Missing_IsAnError()
    {
        var path = _folder.File("none");
        (await CliRun.RunAsync("inspect", path)).AssertFailed(LipSyncErrorCode.InvalidInput, path, "does not exist");
    }

    [Fact]
    public async Task SomethingElse_IsAnError()
    {
        var path = _folder.File("letter.txt");
        File.WriteAllText(path, "Dear reader,\n");
        (await CliRun.RunAsync("inspect", path)).AssertFailed(LipSyncErrorCode.InvalidInput, path);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 and then nothing of an archive")]
    [InlineData("abcdefgh{ and then nothing of a header")]
    public async Task BrokenCheckpoint_IsAnError(string content)
    {
        var path = _folder.File("broken.pt");
        File.WriteAllText(path, content);
        (await CliRun.RunAsync("inspect", path)).AssertFailed(LipSyncErrorCode.InvalidModel, path);
    }

    /// <summary>The facts as JSON, after making sure that the text holds the same ones.</summary>
    private static async Task<Dictionary<string, string>> InspectAsync(string path)
    {
        var json = await CliRun.RunAsync("inspect", path, "--json");
        var text = await CliRun.RunAsync("inspect", path);
        Assert.Equal((0, 0), (json.ExitCode, text.ExitCode));
        Assert.Equal(("", ""), (json.Error, text.Error));
        var facts = Assert.Single(json.Events).ToDictionary(fact => fact.Key, fact => (string)fact.Value!, StringComparer.Ordinal);
        Assert.All(facts, fact => Assert.Contains(fact.Value, text.Output, StringComparison.Ordinal));
        return facts;
    }
}
