using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using LatentSync.FrontEnd.Events;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Models;

/// <summary>
/// Checks and downloads models, one at a time, whoever looks on: it goes on when they leave, and ends with the server. How each
/// model's last one ended is known until then.
/// </summary>
internal sealed partial class ModelTasks(ModelLibrary library, AuditLog audit, IHostApplicationLifetime lifetime, ILogger<ModelTasks> logger, TimeProvider time)
    : IHostedService
{
    private readonly ConcurrentDictionary<string, ModelTask> _last = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private Task _work = Task.CompletedTask;
    private ModelTask? _current;

    /// <summary>What is under way; null for nothing.</summary>
    public ModelTask? Current => Volatile.Read(ref _current);

    /// <summary>How the last one of a model ended; null if there was none since the server's start.</summary>
    public ModelTask? Last(string model) => _last.GetValueOrDefault(model);

    /// <summary>Begins.</summary>
    /// <param name="model">The model.</param>
    /// <param name="action">What to do with it.</param>
    /// <param name="owner">Who wants it.</param>
    /// <exception cref="RequestException">404: there is no such model; 409: another is under way.</exception>
    public async Task StartAsync(string model, ModelAction action, string owner)
    {
        if (!library.List().Any(known => known.Name == model))
        {
            throw RequestException.NotFound("model", model);
        }

        lock (_gate)
        {
            if (_current is { } busy)
            {
                throw new RequestException(409, "conflict", $"The model \"{busy.Model}\" is being worked on; wait until that is done, or cancel it.");
            }

            _stop?.Dispose();
            _stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            var (task, stop) = (new ModelTask(model, action, time.GetUtcNow()), _stop.Token);
            _current = task;
            _work = Task.Run(() => RunAsync(task, stop), CancellationToken.None);
        }

        await audit.WriteAsync(owner, $"model.{Names.Of(action)}", model, address: null);
    }

    /// <summary>Stops what is under way, if anything is.</summary>
    public async Task CancelAsync(string owner)
    {
        if (Current is { } task)
        {
            Stop();
            await audit.WriteAsync(owner, "model.cancel", task.Model, address: null);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends with the server; what was downloaded stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Stop();
        await _work;
        lock (_gate)
        {
            _stop?.Dispose();
            _stop = null;
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _stop?.Cancel();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is told to who looks; the server goes on.")]
    private async Task RunAsync(ModelTask task, CancellationToken cancellationToken)
    {
        ModelTask end;
        try
        {
            var progress = new DirectProgress<ModelProgress>(progress => Volatile.Write(ref _current, task with { Progress = progress }));
            end = await DoAsync(task, progress, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            end = task with { State = ModelTaskState.Cancelled };
        }
        catch (LipSyncException error)
        {
            LogFailed(task.Action, task.Model, error.Message);
            end = task with { State = ModelTaskState.Failed, Sentence = error.Sentence };
        }
        catch (Exception error)
        {
            LogFault(error);
            end = task with { State = ModelTaskState.Failed, Sentence = $"The server has a fault, which its log describes; try again." };
        }

        _last[task.Model] = end with { Since = time.GetUtcNow() };
        Volatile.Write(ref _current, null);
    }

    private async Task<ModelTask> DoAsync(ModelTask task, IProgress<ModelProgress> progress, CancellationToken cancellationToken)
    {
        if (task.Action == ModelAction.Pull)
        {
            await library.PullAsync(task.Model, progress, cancellationToken);
            return task with { State = ModelTaskState.Succeeded };
        }

        var checks = await library.VerifyAsync(task.Model, progress, cancellationToken);
        var problems = checks.Where(check => check.Sentence is not null).ToList();
        return task with { State = problems.Count == 0 ? ModelTaskState.Succeeded : ModelTaskState.Failed, Problems = problems };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Action} of the model {Model} failed: {Reason}")]
    private partial void LogFailed(ModelAction action, string model, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A model could not be worked on.")]
    private partial void LogFault(Exception error);
}
