using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Api;

public abstract class IdempotencyTests(ServerFixture fixture)
{
    [Fact]
    public async Task SameKeyAndBody_IsTheSameJob()
    {
        var (video, audio) = (await fixture.Jobs.UploadAsync(), await fixture.Jobs.UploadAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.Jobs.TrySubmitAsync(video, audio, idempotencyKey: "a-1.b~c_d")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(JobClient.JsonAsync))).Select(job => (string?)job["id"]).Distinct());
        Assert.Equal(19, answers.Count(answer => answer.Headers.Contains("Idempotent-Replayed")));
    }

    [Fact]
    public async Task SameKeyAndOtherBody_IsRefused()
    {
        var (video, audio) = (await fixture.Jobs.UploadAsync(), await fixture.Jobs.UploadAsync());
        using var first = await fixture.Jobs.TrySubmitAsync(video, audio, idempotencyKey: "key2");
        using var second = await fixture.Jobs.TrySubmitAsync(video, audio, new JsonObject { ["seed"] = 9 }, idempotencyKey: "key2");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.StatusCode);
        Assert.Equal("idempotency_key_reused", (string?)(await JobClient.JsonAsync(second))["kind"]);
    }

    [Fact]
    public async Task RefusedRequests_AmongManyAtOnce_AreNoMatterOfTheOthers()
    {
        var (video, audio) = (await fixture.Jobs.UploadAsync(), await fixture.Jobs.UploadAsync());
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    fixture.Jobs.TrySubmitAsync(
                        i % 3 == 2 ? "upl_none" : video,
                        audio,
                        idempotencyKey: i % 3 == 1 ? "one" : "each-" + i.ToString(CultureInfo.InvariantCulture)
                    )
                )
        );
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal(i % 3 == 2 ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.Created, answers[i].StatusCode);
        }

        var accepted = answers.Where(answer => answer.IsSuccessStatusCode);
        var ids = (await Task.WhenAll(accepted.Select(JobClient.JsonAsync))).Select(job => (string)job["id"]!).Distinct().ToList();
        Assert.Equal(21, ids.Count);
        foreach (var id in ids)
        {
            Assert.Equal("succeeded", (string?)(await fixture.Jobs.WaitAsync(id))["state"]);
        }
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("a/b")]
    public async Task KeyOfOtherLetters_IsRefused(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new StringContent("{\"video\":\"a\",\"audio\":\"b\"}", null, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await fixture.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
