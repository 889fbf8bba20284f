using LatentSync.Fleet;
using LatentSync.Fleet.Postgres;
using LatentSync.Server;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Work;
using LatentSync.Server.Work.Scheduling;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>The queue of a server that is not started, on a real database, and jobs that are only rows of it.</summary>
internal sealed class QueueSetup : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IHostedService> _running = [];
    private WebApplication? _app;
    private int _jobs;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public WorkQueue Queue => Get<WorkQueue>();

    public DateTimeOffset Now => Get<TimeProvider>().GetUtcNow();

    public static async Task<QueueSetup> CreateAsync(TestDatabase database)
    {
        var setup = new QueueSetup();
        var data = setup._folder.File("data");
        DataFolder.Create(data);
        var settings = await TestServices.Calm.SettingsAsync(database, data);
        settings["Data"] = data;
        settings["Store:Folder"] = Directory.CreateDirectory(setup._folder.File("shared")).FullName;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => new KeyValuePair<string, string?>("Server:" + pair.Key, pair.Value)))
            .Build();
        setup._app = ServerHost.Build(configuration, [FleetPart.Of(configuration)]);
        await DatabaseUpgrade.RunAsync(setup._app.Services, Stop);
        foreach (var service in setup._app.Services.GetServices<IHostedService>().Where(service => service is DatabaseClock or DatabaseWriter))
        {
            await service.StartAsync(Stop);
            setup._running.Add(service);
        }

        return setup;
    }

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public Task<ServerDatabase> OpenAsync() => Get<IDbContextFactory<ServerDatabase>>().CreateDbContextAsync(Stop);

    /// <summary>A job whose segments wait.</summary>
    public async Task<Job> AddAsync(string owner, int segments, string? model = null, string? version = null)
    {
        await using var database = await OpenAsync();
        var job = await AddAsync(database, owner, segments, model, version);
        await database.SaveChangesAsync(Stop);
        return job;
    }

    /// <summary>Many jobs whose analysis waits, each of one of some owners.</summary>
    public async Task AddManyAsync(int jobs, Func<int, string> owner)
    {
        await using var database = await OpenAsync();
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < jobs; i++)
        {
            var job = NewJob(owner(i), last[owner(i)] = last.GetValueOrDefault(owner(i)) + 1, JobState.Queued);
            database.Jobs.Add(job);
            new JobChanges(database, job, Get<TimeProvider>()).Add(WorkKind.Analyse);
        }

        await database.SaveChangesAsync(Stop);
    }

    /// <summary>Takes work and keeps it.</summary>
    public async Task<LeasedWork> TakeAsync(WorkRequest? request = null)
    {
        var work = await Queue.TakeAsync(request ?? new WorkRequest("test/0"), Stop);
        Assert.NotNull(work);
        return work;
    }

    /// <summary>Takes work and is done with it.</summary>
    public async Task<WorkItem> DoAsync(WorkRequest? request = null)
    {
        var work = await TakeAsync(request);
        Assert.True(await Queue.CompleteAsync(work, (_, _) => Task.CompletedTask));
        return work.Item;
    }

    /// <summary>A worker says that it is there.</summary>
    public async Task SayAsync(string name, string? version = null, bool isDraining = false, DateTimeOffset? seenAt = null, bool hasStopped = false)
    {
        await using var database = await OpenAsync();
        database.Workers.Add(
            new WorkerRecord
            {
                Name = name,
                Device = "cpu",
                Since = Now,
                SeenAt = seenAt ?? Now,
                ResultVersion = version,
                IsDraining = isDraining,
                HasStopped = hasStopped,
            }
        );
        await database.SaveChangesAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _running)
        {
            await service.StopAsync(CancellationToken.None);
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<Job> AddAsync(ServerDatabase database, string owner, int segments, string? model, string? version)
    {
        var job = NewJob(owner, await database.LastNumberAsync(owner) + 1, JobState.Generating);
        (job.Segments, job.Model, job.Version, job.Analysis) = (segments, model, version, "{}");
        database.Jobs.Add(job);
        var changes = new JobChanges(database, job, Get<TimeProvider>());
        for (var segment = 0; segment < segments; segment++)
        {
            changes.Add(WorkKind.Segment, segment);
        }

        return job;
    }

    private Job NewJob(string owner, long number, JobState state) =>
        new()
        {
            Id = Invariant($"job_{Interlocked.Increment(ref _jobs):0000000}"),
            Owner = owner,
            Number = number,
            CreatedAt = Now,
            UpdatedAt = Now,
            State = state,
            VideoId = "upl_1",
            AudioId = "upl_2",
            Options = "{}",
            Dialect = "v1",
            Container = ".mp4",
        };
}
