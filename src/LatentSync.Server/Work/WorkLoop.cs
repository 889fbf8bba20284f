using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Engines;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using LatentSync.Server.Telemetry;
using LatentSync.Server.Work.Calls;
using LatentSync.Server.Work.Scheduling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work;

/// <summary>One worker: takes work, does it with the engine of its device, keeps its lease meanwhile.</summary>
internal sealed partial class WorkLoop(
    string name,
    EngineSlot engine,
    WorkQueue queue,
    WorkRunner runner,
    IWorkCaller caller,
    RunningWork running,
    WorkerRoll roll,
    MediaStore media,
    ServerMetrics metrics,
    IOptions<ServerSettings> settings,
    ILogger<WorkLoop> logger,
    TimeProvider time
)
{
    private static readonly TimeSpan FullDiskPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForOthersPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan YieldInterval = TimeSpan.FromSeconds(1);
    private const string SpoiledMessage =
        "The storage has lost a file of this job, or gives other bytes than were put there; upload both inputs again and submit the job anew.";

    // The card has too little memory, or none is left: a worker with a larger card gets the work meanwhile.
    private const string NoRoom = "device_unavailable";
    private static readonly TimeSpan TooLargePause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _tooLarge = new(StringComparer.Ordinal);
    private int _withOneModel;

    /// <summary>The worker.</summary>
    public WorkerView View
    {
        get
        {
            var work = Current;
            var card = CardFacts.Of(engine.Device);
            var isSegment = work?.Item.Kind == Data.WorkKind.Segment;
            return new WorkerView(name, engine.Device, engine.ProcessId, engine.Version, work?.Job.Id, Since)
            {
                Owner = work?.Job.Owner,
                Work = work is null ? null : Names.Of(work.Item.Kind),
                Segment = isSegment ? work!.Item.Segment : null,
                Segments = isSegment ? work!.Job.Segments : null,
                Stage = engine.Stage,
                ResultVersion = engine.ResultVersion,
                Model = engine.Model,
                Card = engine.Memory.Card,
                CardName = card?.Name,
                DeviceBytes = card?.Bytes,
                ProcessBytes = engine.Memory.ProcessBytes,
            };
        }
    }

    /// <summary>The model of jobs that name none; null where nothing tells which.</summary>
    public string? DefaultModel => engine.DefaultModel;

    private LeasedWork? Current { get; set; }

    private DateTimeOffset Since { get; set; } = time.GetUtcNow();

    /// <summary>The worker, and its memory over the last minutes, for somebody who looks.</summary>
    public WorkerView Look()
    {
        engine.Look();
        return View with { History = engine.Memory.History };
    }

    /// <summary>Works until no more work is to be begun.</summary>
    /// <param name="draining">No more work is begun.</param>
    /// <param name="stopping">Work in hand is given back.</param>
    [SuppressMessage("Design", "CA1031", Justification = "A worker outlives whatever happens to it, a full disk under the database included.")]
    public async Task RunAsync(CancellationToken draining, CancellationToken stopping)
    {
        await using var calls = caller.Open();
        var hadWork = true;
        while (!draining.IsCancellationRequested)
        {
            try
            {
                await using var call = await calls.NextAsync(hadWork, draining);
                hadWork = false;
                if (!media.HasRoom())
                {
                    LogDiskFull();
                    await Task.Delay(FullDiskPause, time, draining);
                }
                else if (await TakeAsync(draining) is { } work)
                {
                    hadWork = true;
                    await DoAsync(work, stopping);
                }
                else if (call is not null && await queue.AnyAsync(draining))
                {
                    // Work of another version or model, or this worker is draining.
                    await Task.Delay(ForOthersPause, time, draining);
                    call.IsForOthers = true;
                }
            }
            catch (OperationCanceledException) when (draining.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                LogFault(error);
                await Task.Delay(FaultPause, time, CancellationToken.None);
            }
        }
    }

    private WorkRequest Request =>
        new(name)
        {
            Version = engine.ResultVersion,
            Model = engine.Model,
            KeepsModel = _withOneModel < WorkOrder.MostWithOneModel,
            Excluded = [.. roll.ModelsOfOthers, .. _tooLarge.Where(model => model.Value > time.GetUtcNow()).Select(model => model.Key)],
        };

    private async Task<LeasedWork?> TakeAsync(CancellationToken cancellationToken)
    {
        // What was begun by a version only that version goes on with, so this one has to be known; and when there is work the engine
        // is needed anyway, which may have another version than the one that ran before.
        var isThere = engine.ResultVersion is null ? await queue.AnyAsync(cancellationToken) : await queue.AnyAsync(Request, cancellationToken);
        if (!isThere)
        {
            return null;
        }

        try
        {
            await engine.PrepareAsync(cancellationToken);
        }
        catch (EngineException error)
        {
            // The work that is taken now fails with this and says so.
            LogUnfit(error.Message);
        }

        var work = await queue.TakeAsync(Request, cancellationToken);
        if (work?.Item is { Kind: Data.WorkKind.Segment } item)
        {
            _withOneModel = item.Model == engine.Model ? _withOneModel + 1 : 1;
        }

        return work;
    }

    [SuppressMessage("Design", "CA1031", Justification = "What nobody expected fails the work, not the worker.")]
    private async Task DoAsync(LeasedWork work, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        running.Add(work.Job.Id, stop);
        (Current, Since) = (work, time.GetUtcNow());
        var renewing = StopUnlessAsync(settings.Value.Lease / 3, token => queue.RenewAsync(work, token), stop);
        var yielding =
            work.Item.Rank == WorkRank.Extra
                ? StopUnlessAsync(YieldInterval, async token => !await queue.AnyNeededAsync(Request, token), stop)
                : Task.CompletedTask;
        try
        {
            using var measurement = metrics.Work(work.Item.Kind);
            await runner.RunAsync(work, engine, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Cancelled, or the server stops; a lost or dropped lease makes this do nothing.
            await queue.ReturnAsync(work);
        }
        catch (Exception) when (!media.HasRoom())
        {
            LogDiskFull();
            await queue.ReturnAsync(work, FullDiskPause);
        }
        catch (StoreException error)
        {
            LogStore(error.Message);
            await queue.ReturnAsync(work, FullDiskPause);
        }
        catch (SpoiledFileException error)
        {
            LogFailed(work.Item.Kind, work.Job.Id, WorkFailure.Spoiled, error.Message);
            metrics.Failed(WorkFailure.Spoiled);
            await (
                error.MadeBy is { } made && work.Item.Failures > 0
                    ? queue.MakeAgainAsync(work, made)
                    : queue.FailAsync(work, new WorkFailure(WorkFailure.Spoiled, error.MadeBy is null ? SpoiledMessage : error.Message))
            );
        }
        catch (EngineException error)
        {
            LogFailed(work.Item.Kind, work.Job.Id, error.Kind, error.Message);
            metrics.Failed(error.Kind);
            if (error.Kind == NoRoom && work.Item.Model is { } model)
            {
                _tooLarge[model] = time.GetUtcNow() + TooLargePause;
            }

            await queue.FailAsync(work, new WorkFailure(error.Kind, error.Message));
        }
        catch (RequestException error)
        {
            await queue.FailAsync(work, new WorkFailure(error.Kind, error.Message));
        }
        catch (Exception error)
        {
            LogFault(error);
            metrics.Failed("internal");
            await queue.FailAsync(work, new WorkFailure("internal", "The server has a fault, which its log describes; the work is tried again."));
        }
        finally
        {
            running.Remove(stop);
            (Current, Since) = (null, time.GetUtcNow());
            await stop.CancelAsync();
            await Task.WhenAll(renewing, yielding);
        }
    }

    /// <summary>
    /// Stops the work if a question is answered with no, which is asked again and again: whether its lease is renewed, three times
    /// before it would end; and of work for which nobody waits, whether nobody waits for other work.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is asked again; a lease that is never renewed ends, and another worker does the work.")]
    private async Task StopUnlessAsync(TimeSpan interval, Func<CancellationToken, Task<bool>> goesOn, CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval, time, stop.Token);
                if (!await goesOn(stop.Token))
                {
                    await stop.CancelAsync();
                }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} of job {Job} failed ({Error}): {Reason}")]
    private partial void LogFailed(Data.WorkKind kind, string job, string error, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine does not start: {Reason}")]
    private partial void LogUnfit(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The storage failed; the work is done again a little later: {Reason}")]
    private partial void LogStore(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A worker had a fault.")]
    private partial void LogFault(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The disk is full; work pauses until there is room.")]
    private partial void LogDiskFull();
}
