using LatentSync.TestKit.Hub;

namespace LatentSync.Tests.ModelStore;

/// <summary>Servers that fail, refuse or lie: what may pass is tried again, the rest is one sentence.</summary>
public class PullFailureTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40_000)]
    public async Task ConnectionCutInTheMiddle_OnlyTheRestIsAskedForAgain(int cutAfter)
    {
        using var setup = new PullSetup();
        var cuts = 3;
        setup.Hub.Misbehave = request =>
            request.Method == "GET" && request.Range(PullSetup.Length) is { } range && Interlocked.Decrement(ref cuts) >= 0
                ? new HubAnswer(206, setup.Large[range.Start..range.End])
                {
                    CutAfter = cutAfter,
                    Headers = { ["Content-Range"] = Invariant($"bytes {range.Start}-{range.End - 1}/{PullSetup.Length}") },
                }
                : null;
        await setup.PullAsync();
        setup.AssertComplete();
        Assert.Equal(3, setup.Waits.Count);
    }

    [Fact]
    public async Task TooManyRequests_WaitsAsLongAsAsked()
    {
        using var setup = new PullSetup();
        var refusals = 2;
        setup.Hub.Misbehave = _ => Interlocked.Decrement(ref refusals) >= 0 ? HubAnswer.Error(429, ("Retry-After", "17")) : null;
        await setup.PullAsync();
        setup.AssertComplete();
        Assert.Equal([TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(17)], setup.Waits);
    }

    [Fact]
    public async Task ServerThatStaysUnavailable_IsGivenUpAfterLongerAndLongerWaits()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = _ => HubAnswer.Error(503);
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "127.0.0.1", "it answered 503", "HF_ENDPOINT");
        Assert.Equal([0.5, 1, 2, 4, 8], setup.Waits.Select(wait => wait.TotalSeconds).Order());
    }

    [Fact]
    public async Task NoServer_IsSaidWithWhatToCheck()
    {
        using var setup = new PullSetup();
        setup.Hub.Stop();
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "The download from 127.0.0.1 failed", "HTTPS_PROXY");
    }

    [Fact]
    public async Task ServerThatHangs_IsAskedAgain()
    {
        using var setup = new PullSetup();
        setup.Settings = setup.Settings with { Patience = TimeSpan.FromMilliseconds(300) };
        var hangs = 1;
        setup.Hub.Misbehave = request =>
            request.Method == "GET" && request.Range(PullSetup.Length) is { Start: 0 } range && Interlocked.Decrement(ref hangs) >= 0
                ? new HubAnswer(206, setup.Large[range.Start..range.End])
                {
                    HangAfter = 10,
                    Headers = { ["Content-Range"] = Invariant($"bytes {range.Start}-{range.End - 1}/{PullSetup.Length}") },
                }
                : null;
        await setup.PullAsync();
        setup.AssertComplete();
        Assert.Single(setup.Waits);
    }

    [Theory]
    [InlineData(401, null, "set HF_TOKEN")]
    [InlineData(401, PullSetup.Token, "does not know the Hugging Face token")]
    [InlineData(403, PullSetup.Token, "accept the licence")]
    [InlineData(404, null, "has no file unet.pt in some/model")]
    [InlineData(418, null, "answered 418")]
    public async Task Refusal_IsExplainedAtOnce(int status, string? token, string part)
    {
        using var setup = new PullSetup { GivenToken = token };
        setup.Hub.Misbehave = _ => HubAnswer.Error(status);
        var error = await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, part);
        Assert.DoesNotContain(PullSetup.Token, error.Message, StringComparison.Ordinal);
        Assert.Empty(setup.Waits);
    }

    [Fact]
    public async Task WrongBytes_AreThrownAway()
    {
        using var setup = new PullSetup();
        var wrong = (byte[])setup.Large.Clone();
        wrong[^1] ^= 1;
        setup.Hub.Files["some/model/unet.pt"] = setup.Hub.Files["some/model/unet.pt"] with { Bytes = wrong };
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "another SHA-256");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(setup.Store, PullSetup.Name), "*unet*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task AnotherFileThanTheCatalogueKnows_IsNotDownloaded()
    {
        using var setup = new PullSetup { PinnedSha256 = new string('0', 64) };
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "another file of that name");
        Assert.Empty(setup.Hub.Downloads);
    }

    [Theory]
    [InlineData(900_000)]
    [InlineData(1_100_000)]
    public async Task AnswerOfAnotherLength_IsAnError(int length)
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = request => request.Method == "GET" ? new HubAnswer(200, new byte[length]) : null;
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, Invariant($"{length} instead of {PullSetup.Length}"));
    }

    [Fact]
    public async Task OtherBytesThanAskedFor_AreAnError()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = request =>
            request.Range(PullSetup.Length) is { Start: > 0 }
                ? new HubAnswer(206, new byte[100]) { Headers = { ["Content-Range"] = Invariant($"bytes 0-99/{PullSetup.Length}") } }
                : null;
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "other bytes than asked for");
    }

    [Fact]
    public async Task LengthOfTerabytes_IsRefused()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = _ => HubAnswer.Error(200, ("X-Linked-Size", "99999999999999"), ("ETag", "\"x\""));
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "does not say how long it is");
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    public async Task RedirectToAnotherKindOfAddress_IsRefused(string address)
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = _ => HubAnswer.Error(302, ("Location", address));
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "not safe");
    }

    [Fact]
    public async Task RedirectsWithoutEnd_AreGivenUp()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = request => HubAnswer.Error(302, ("Location", request.Path));
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "without end");
    }

    [Fact]
    public async Task FullDisk_IsToldBeforeTheDownload()
    {
        using var setup = new PullSetup();
        setup.Settings = setup.Settings with { FreeSpace = _ => 1000 };
        await setup.AssertFailsAsync(LipSyncErrorCode.OutputFailed, "GB free", "LATENTSYNC_HOME");
        Assert.Empty(setup.Hub.Downloads);
    }
}
