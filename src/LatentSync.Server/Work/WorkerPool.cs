using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work;

/// <summary>The workers of this process, one for each device; gives back the work of those who are gone.</summary>
internal sealed partial class WorkerPool(
    IServiceProvider services,
    WorkQueue queue,
    WorkerRoll roll,
    IDatabaseBackend backend,
    MediaStore media,
    ModelLibrary library,
    IOptions<ServerSettings> settings,
    ILogger<WorkerPool> logger,
    TimeProvider time
) : BackgroundService
{
    private static readonly TimeSpan ReclaimInterval = TimeSpan.FromSeconds(10);

    private readonly List<WorkLoop> _loops = [];
    private volatile bool _isStopping;
    private readonly CancellationTokenSource _giveBack = new();

    /// <summary>The machine; where several processes may be on it, with the name of this one's data folder.</summary>
    private string ProcessName =>
        backend.IsShared ? $"{Environment.MachineName}.{Path.GetFileName(Path.GetFullPath(settings.Value.Data))}" : Environment.MachineName;

    /// <summary>The workers.</summary>
    public IReadOnlyList<WorkerView> Workers => _loops.ConvertAll(loop => loop.View with { Draining = _isStopping });

    /// <summary>The workers with their memory over the last minutes, for somebody who looks.</summary>
    public IReadOnlyList<WorkerView> Look() => _loops.ConvertAll(loop => loop.Look() with { Draining = _isStopping });

    /// <summary>Begins no more work, waits for the work in hand for the grace time, and gives the rest back.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _giveBack.CancelAfter(settings.Value.StopGrace);
        await base.StopAsync(CancellationToken.None);
        _giveBack.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        media.DeleteScratch();
        if (!backend.IsShared)
        {
            var returned = await queue.ReclaimAsync(isAll: true, stoppingToken);
            if (returned > 0)
            {
                LogReturned(returned);
            }

            await roll.ForgetAsync();
        }

        IList<string> devices = settings.Value.Devices.Count > 0 ? settings.Value.Devices : ["auto"];
        var running = new List<Task>();
        foreach (var (index, device) in devices.Index())
        {
            var slot = ActivatorUtilities.CreateInstance<Engines.EngineSlot>(services, device);
            var loop = ActivatorUtilities.CreateInstance<WorkLoop>(services, Invariant($"{ProcessName}/{index}"), slot);
            _loops.Add(loop);
            running.Add(RunAsync(loop, slot, stoppingToken));
        }

        using var ended = new CancellationTokenSource();
        var saying = backend.IsShared ? roll.RunAsync(() => Workers, Models, ended.Token) : Task.CompletedTask;
        running.Add(ReclaimAsync(stoppingToken));
        await Task.WhenAll(running);
        await ended.CancelAsync();
        await saying;
    }

    /// <summary>The models that workers of this process can use.</summary>
    private List<string> Models()
    {
        try
        {
            var ready = library.List().Where(model => model.State is ModelState.Ready or ModelState.Shipped).Select(model => model.Name);
            return [.. ready.Concat(_loops.Select(loop => loop.DefaultModel).OfType<string>()).Distinct(StringComparer.Ordinal)];
        }
        catch (LipSyncException error)
        {
            LogNoModels(error.Message);
            return [];
        }
    }

    private async Task RunAsync(WorkLoop loop, Engines.EngineSlot slot, CancellationToken stoppingToken)
    {
        await using (slot)
        {
            await loop.RunAsync(stoppingToken, _giveBack.Token);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is tried again a little later.")]
    private async Task ReclaimAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(ReclaimInterval, time, stoppingToken);
                await queue.ReclaimAsync(isAll: false, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} pieces of work were in hand when the server ended; they begin again.")]
    private partial void LogReturned(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The models of this machine cannot be listed: {Reason}")]
    private partial void LogNoModels(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of lost workers could not be given back.")]
    private partial void LogFault(Exception error);
}
