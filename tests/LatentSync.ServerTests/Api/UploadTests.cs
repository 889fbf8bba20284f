using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Api;

public abstract class UploadTests(ServerFixture fixture)
{
    private HttpClient Client => fixture.Server.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tus_UploadsInPieces_AndStartsTheJobThatWaits()
    {
        var (location, id) = await CreateAsync(10);
        using var submitted = await fixture.Jobs.TrySubmitAsync(id, await fixture.Jobs.UploadAsync());
        var job = (string)(await JobClient.JsonAsync(submitted))["id"]!;
        Assert.Equal("uploading", (string?)(await fixture.Jobs.GetAsync(job))["state"]);

        Assert.Equal("4", await PatchAsync(location, 0, "0123"));
        using var head = await Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, location), Stop);
        Assert.Equal("4", head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal("10", await PatchAsync(location, 4, "456789"));

        Assert.Equal("succeeded", (string?)(await fixture.Jobs.WaitAsync(job))["state"]);
        Assert.Equal(JobClient.Expected(1, "0123456789"), await Client.GetStringAsync($"/v1/jobs/{job}/result", Stop));
    }

    [Fact]
    public async Task WrongOffset_IsAConflict_AndChangesNothing()
    {
        var (location, _) = await CreateAsync(10);
        await PatchAsync(location, 0, "0123");
        using var answer = await TryPatchAsync(location, 2, "xx");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("10", await PatchAsync(location, 4, "456789"));
    }

    [Fact]
    public async Task MoreThanAnnounced_IsRefused()
    {
        var (location, _) = await CreateAsync(4);
        using var answer = await TryPatchAsync(location, 0, "0123456789");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("99999999999999")]
    [InlineData("-1")]
    [InlineData("9999999999999999999999")]
    [InlineData("0")]
    public async Task LyingLength_IsRefused(string length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.TryAddWithoutValidation("Upload-Length", length);
        using var answer = await Client.SendAsync(request, Stop);
        Assert.InRange((int)answer.StatusCode, 400, 499);
    }

    [Fact]
    public async Task UploadThatAJobNeeds_IsNotDeleted()
    {
        var video = await fixture.Jobs.UploadAsync();
        using var submitted = await fixture.Jobs.TrySubmitAsync(video, await fixture.Jobs.UploadAsync());
        using var refused = await Client.DeleteAsync($"/v1/uploads/{video}", Stop);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var free = await Client.DeleteAsync($"/v1/uploads/{await fixture.Jobs.UploadAsync()}", Stop);
        Assert.Equal(HttpStatusCode.NoContent, free.StatusCode);
    }

    private async Task<(string Location, string Id)> CreateAsync(int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", Invariant($"{length}"));
        request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes("../../x.mp4")));
        using var answer = await Client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var location = answer.Headers.Location!.ToString();
        return (location, location.Split('/')[^1]);
    }

    private async Task<string> PatchAsync(string location, long offset, string content)
    {
        using var answer = await TryPatchAsync(location, offset, content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return answer.Headers.GetValues("Upload-Offset").Single();
    }

    private async Task<HttpResponseMessage> TryPatchAsync(string location, long offset, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", Invariant($"{offset}"));
        return await Client.SendAsync(request, Stop);
    }
}
