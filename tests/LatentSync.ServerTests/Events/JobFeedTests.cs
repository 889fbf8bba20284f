using LatentSync.Server.Events;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Events;

public abstract class JobFeedTests(ServerFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void SlowReader_LearnsThatChangesAreMissing()
    {
        var feed = new JobFeed();
        for (var sequence = 1; sequence <= 64; sequence++)
        {
            feed.AddChange(sequence, default, isLast: false);
        }

        Assert.False(feed.After(0).IsBehind);
        feed.AddChange(65, default, isLast: true);
        var (items, isBehind, _) = feed.After(0);
        Assert.True(isBehind);
        Assert.Equal((2, 65, true), (items[0].Sequence, items[^1].Sequence, items[^1].IsLast));
        Assert.False(feed.After(1).IsBehind);
    }

    [Fact]
    public async Task Streams_OfManyShortJobs_AllHaveTheEnd()
    {
        var (video, audio) = (await fixture.Jobs.UploadAsync(), await fixture.Jobs.UploadAsync());
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop }, async (_, stop) =>
        {
            using var submitted = await fixture.Jobs.TrySubmitAsync(video, audio);
            var id = (string)(await JobClient.JsonAsync(submitted))["id"]!;
            var events = await fixture.Server.Client.GetStringAsync($"/v1/jobs/{id}/events", stop);
            Assert.Contains("\"state\":\"succeeded\"", events, StringComparison.Ordinal);
        });
    }
}
