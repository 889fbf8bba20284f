using LatentSync.FrontEnd.Words;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Models;
using LatentSync.Server.Security;
using LatentSync.TestKit.Hub;
using LatentSync.Tests.ModelStore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LatentSync.Tests.Server;

/// <summary>Checks and downloads of models, with a hub that answers, refuses or hangs.</summary>
public sealed class ModelTasksTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly PullSetup _models = new();
    private readonly Lifetime _lifetime = new();
    private ServerSetup _setup = null!;
    private DatabaseWriter _writer = null!;
    private ModelTasks _tasks = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _setup = await ServerSetup.CreateAsync();
        _writer = _setup.Get<DatabaseWriter>();
        await _writer.StartAsync(Stop);
        _tasks = new ModelTasks(_models.Library, new AuditLog(_writer, TimeProvider.System), _lifetime, NullLogger<ModelTasks>.Instance, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _models.Hub.Stop();
        await _tasks.StopAsync(CancellationToken.None);
        await _writer.StopAsync(CancellationToken.None);
        await _setup.DisposeAsync();
        _models.Dispose();
    }

    [Fact]
    public async Task Pull_ThenVerify_ThenDamage()
    {
        await _tasks.StartAsync(PullSetup.Name, ModelAction.Pull, "anna");
        Assert.Equal(ModelTaskState.Succeeded, (await EndAsync()).State);
        Assert.Equal(ModelState.Ready, _models.Library.Show(PullSetup.Name).State);

        await _tasks.StartAsync(PullSetup.Name, ModelAction.Verify, "anna");
        var end = await EndAsync();
        Assert.Equal((ModelTaskState.Succeeded, ModelAction.Verify), (end.State, end.Action));
        Assert.Equal(PullSetup.Length + 2, end.Progress?.Total ?? PullSetup.Length + 2);

        File.Delete(_models.Target);
        await _tasks.StartAsync(PullSetup.Name, ModelAction.Verify, "anna");
        end = await EndAsync();
        Assert.Equal(ModelTaskState.Failed, end.State);
        Assert.Equal("it is missing", Assert.Single(end.Problems).Problem);

        await using var database = await _setup.Databases.CreateDbContextAsync(Stop);
        Assert.Equal(
            ["model.pull", "model.verify", "model.verify"],
            await database.Audit.OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync(Stop)
        );
    }

    [Fact]
    public async Task ARefusal_IsASentence()
    {
        _models.Hub.Misbehave = _ => HubAnswer.Error(404);
        await _tasks.StartAsync(PullSetup.Name, ModelAction.Pull, "anna");
        var end = await EndAsync();
        Assert.Equal(ModelTaskState.Failed, end.State);
        Assert.Contains("has no file", CommandWords.SayInEnglish(end.Sentence!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneAtATime_UntilItIsCancelled()
    {
        _models.Hub.Misbehave = Hang;
        await _tasks.StartAsync(PullSetup.Name, ModelAction.Pull, "anna");
        var busy = await Assert.ThrowsAsync<RequestException>(() => _tasks.StartAsync(PullSetup.Name, ModelAction.Verify, "bert"));
        Assert.Equal(409, busy.Status);
        await _tasks.CancelAsync("bert");
        Assert.Equal(ModelTaskState.Cancelled, (await EndAsync()).State);

        // The next may begin, and does what was left.
        _models.Hub.Misbehave = _ => null;
        await _tasks.StartAsync(PullSetup.Name, ModelAction.Pull, "bert");
        Assert.Equal(ModelTaskState.Succeeded, (await EndAsync()).State);
    }

    [Fact]
    public async Task TheServersEnd_EndsIt()
    {
        _models.Hub.Misbehave = Hang;
        await _tasks.StartAsync(PullSetup.Name, ModelAction.Pull, "anna");
        await _tasks.StopAsync(Stop).WaitAsync(Limit, Stop);
        Assert.Equal(ModelTaskState.Cancelled, _tasks.Last(PullSetup.Name)!.State);
        Assert.Null(_tasks.Current);
    }

    [Fact]
    public async Task AnUnknownModel_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<RequestException>(() => _tasks.StartAsync("../other", ModelAction.Verify, "anna"));
        Assert.Equal(404, error.Status);
        Assert.Null(_tasks.Current);
    }

    /// <summary>A little of each part of the large file, then nothing more.</summary>
    private static HubAnswer? Hang(HubRequest request) =>
        request.Method == "GET" && request.Range(PullSetup.Length) is var (start, end)
            ? new HubAnswer(206, new byte[10])
            {
                StatedLength = end - start,
                HangAfter = 10,
                Headers = { ["Content-Range"] = Invariant($"bytes {start}-{end - 1}/{PullSetup.Length}") },
            }
            : null;

    private async Task<ModelTask> EndAsync()
    {
        for (var start = TimeProvider.System.GetTimestamp(); _tasks.Current is not null; await Task.Delay(10, Stop))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, "It did not end.");
        }

        return _tasks.Last(PullSetup.Name)!;
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() { }
    }
}
