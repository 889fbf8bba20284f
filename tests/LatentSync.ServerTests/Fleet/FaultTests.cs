using LatentSync.ServerTests.Support;
using RabbitMQ.Client;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Whatever process or service is killed, stopped or restarted: every job ends right, once, and nothing is counted twice.</summary>
public sealed class FaultTests(DisturbedFleetFixture fixture) : IClassFixture<DisturbedFleetFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FleetProgram Fleet => fixture.Fleet;

    [Fact]
    public Task KilledWorker_CostsTheSegmentInHand() => DisturbAsync(() => Fleet.ReplaceAsync(Fleet.Workers[0]));

    [Fact]
    public Task KilledApi_LosesNothing() => DisturbAsync(() => Fleet.ReplaceAsync(Fleet.Apis[1]));

    /// <summary>One after the other, while the same jobs are under way.</summary>
    [Fact]
    public Task RestartedServices_AreWaitedFor() =>
        DisturbAsync(
            async () =>
            {
                await RestartAsync("--kill", "postgres");
                await RestartAsync("--kill", "rabbitmq");
                await RestartAsync("s3");
            },
            milliseconds: 1500
        );

    [Fact]
    public async Task StoppedWorker_LosesItsLease_AndItsResultsDoNotCount() =>
        await DisturbAsync(async () =>
        {
            await FleetProgram.SignalAsync(Fleet.Workers[1], "STOP");
            await Task.Delay(TimeSpan.FromSeconds(9), Stop);
            await FleetProgram.SignalAsync(Fleet.Workers[1], "CONT");
        });

    [Fact]
    public async Task LostAndDoubledMessages_DoNotMatter() =>
        await DisturbAsync(async () =>
        {
            await using var connection = await new ConnectionFactory { Uri = new Uri(Fleet.Settings["Broker"]) }.CreateConnectionAsync(Stop);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
            var queue = Fleet.Settings["BrokerPrefix"] + ".work";
            await channel.QueuePurgeAsync(queue, Stop);
            for (var i = 0; i < 50; i++)
            {
                await channel.BasicPublishAsync(string.Empty, queue, new byte[] { (byte)'1' }, Stop);
            }

            await Task.Delay(500, Stop);
            await channel.QueuePurgeAsync(queue, Stop);
        });

    private async Task DisturbAsync(Func<Task> fault, int milliseconds = 300)
    {
        var jobs = await FleetJobs.SubmitAsync(Fleet, 12, milliseconds);
        await Fleet.Jobs().WaitAsync(jobs[0].Id, job => (string?)job["state"] is not ("uploading" or "queued"));
        await fault();
        jobs.AddRange(await FleetJobs.SubmitAsync(Fleet, 2));
        await FleetJobs.CheckAsync(Fleet, jobs);
    }

    private static async Task RestartAsync(params string[] service)
    {
        await TestServices.Disturbed.RunAsync(["stop", .. service]);
        await Task.Delay(1000, Stop);
        await TestServices.Disturbed.RunAsync("start");
    }
}
