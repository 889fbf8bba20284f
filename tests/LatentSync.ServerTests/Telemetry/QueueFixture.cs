using LatentSync.Fleet;
using LatentSync.Server;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Jobs;
using LatentSync.Server.Settings;
using LatentSync.Server.Telemetry;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.ServerTests.Telemetry;

/// <summary>A server that is not started: its database, into which tests write the rows they want, and its reader of the queue.</summary>
internal sealed class QueueFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _server;
    private int _jobs;

    public QueueReader Reader => _server!.Services.GetRequiredService<QueueReader>();

    /// <summary>A server with this database, which is empty.</summary>
    public static async Task<QueueFixture> CreateAsync(TestDatabase kind)
    {
        var fixture = new QueueFixture();
        var settings = await TestServices.Calm.SettingsAsync(kind, fixture._folder.Path);
        var configuration = ServerConfiguration.Read(fixture._folder.Path, settings.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value)));
        fixture._server = ServerHost.Build(configuration, ServerConfiguration.IsFleet(configuration) ? [FleetPart.Of(configuration)] : []);
        await DatabaseUpgrade.RunAsync(fixture._server.Services, TestContext.Current.CancellationToken);
        return fixture;
    }

    /// <summary>A context of the database.</summary>
    public ServerDatabase Open() => _server!.Services.GetRequiredService<IDbContextFactory<ServerDatabase>>().CreateDbContext();

    /// <summary>Writes rows.</summary>
    public async Task AddAsync(params object[] rows)
    {
        await using var database = Open();
        database.AddRange(rows);
        await database.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The next job; later ones sort after earlier ones.</summary>
    public Job Job(JobState state, int frames = 0, int segments = 0, int done = 0, string options = "{}") =>
        new()
        {
            Id = Invariant($"job_{++_jobs:0000000}"),
            Owner = "local",
            CreatedAt = TimeProvider.System.GetUtcNow().AddMinutes(-10),
            UpdatedAt = TimeProvider.System.GetUtcNow(),
            State = state,
            VideoId = "upl_1",
            AudioId = "upl_2",
            Options = options,
            Dialect = "v1",
            Container = ".mp4",
            Frames = frames,
            Segments = segments,
            SegmentsDone = done,
        };

    /// <summary>A piece of work of a job.</summary>
    public static WorkItem Work(Job job, WorkKind kind, WorkState state, int segment = 0) =>
        new()
        {
            JobId = job.Id,
            JobAttempt = 1,
            Kind = kind,
            Segment = segment,
            State = state,
            Owner = job.Owner,
            JobCreatedAt = job.CreatedAt,
            NotBefore = job.CreatedAt,
        };

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }
}
