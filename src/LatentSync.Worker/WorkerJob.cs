using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>A job that runs: does it, and tells the host how it ended.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of the cancellation has no timer and no link, so nothing to free.")]
internal abstract class WorkerJob(MessageWriter writer, string? language)
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Whether the host owes something.</summary>
    public virtual bool IsWaiting => false;

    /// <summary>Whether the host wants to know of the card's memory.</summary>
    public bool TellsMemory { get; set; }

    /// <summary>Completed when the host was told of the end.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Where events go.</summary>
    protected MessageWriter Writer => writer;

    /// <summary>Reports to the host.</summary>
    protected IProgress<LipSyncProgress> Progress { get; } = new DirectProgress<LipSyncProgress>(progress => writer.Write(WorkerEvents.Progress(progress)));

    /// <summary>The job of a message.</summary>
    public static WorkerJob Create(JobMessage message, MessageWriter writer, EngineCache engines, string? language) =>
        message switch
        {
            FilesMessage files => new FilesJob(files, writer, engines, language),
            FramesMessage frames => new FramesJob(frames, writer, engines, language),
            AnalyzeMessage analyze => new AnalyzeJob(analyze, writer, engines, language),
            SegmentMessage segment => new SegmentJob(segment, writer, engines, language),
            JoinMessage join => new JoinJob(join, writer, language),
            ScoreMessage score => new ScoreJob(score, writer, language),
            PullMessage pull => new PullJob(pull, writer, language),
            _ => throw new ProtocolException("There is no such job."),
        };

    /// <summary>Begins.</summary>
    /// <param name="ended">Called before the host is told of the end.</param>
    public Task Start(Action ended) => Completion = Task.Run(() => RunAsync(ended));

    /// <summary>Stops within a second.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>A picture or sound for this job.</summary>
    /// <exception cref="ProtocolException">It has no place here.</exception>
    public virtual void Take(MessageType type, int length, MessageReader reader) =>
        throw new ProtocolException("A job from files takes neither pictures nor sound.");

    /// <summary>Does it.</summary>
    /// <returns>The event that tells what was done.</returns>
    protected abstract Task<JsonObject> RunAsync(CancellationToken cancellationToken);

    [SuppressMessage("Design", "CA1031", Justification = "What nobody expected becomes an error of the job; the worker continues.")]
    private async Task RunAsync(Action ended)
    {
        JsonObject end;
        try
        {
            end = await RunAsync(_stop.Token);
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            end = WorkerEvents.Cancelled();
        }
        catch (LipSyncException error)
        {
            end = WorkerEvents.Error(error, language);
        }
        catch (Exception error)
        {
            end = WorkerEvents.Error(InternalFault.Of(error), language);
        }

        ended();
        writer.Write(end);
    }
}
