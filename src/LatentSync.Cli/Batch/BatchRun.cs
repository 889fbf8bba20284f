using System.Diagnostics.CodeAnalysis;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Cli.Batch;

/// <summary>Runs jobs one after the other; those of one model together, so that it is loaded once.</summary>
/// <param name="retries">How often a job is tried again whose error may pass.</param>
/// <param name="stopOnError">A failed job ends the batch.</param>
/// <param name="view">Told what happens.</param>
internal sealed class BatchRun(int retries, bool stopOnError, BatchView view) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, BatchOutcome> _outcomes = [];
    private readonly LoadedEngine _engine = new(view.Notice);

    /// <summary>What became of the jobs that were reached, in the order of the file.</summary>
    public IReadOnlyList<BatchOutcome> Outcomes => [.. _outcomes.Values.OrderBy(outcome => outcome.Job.Number)];

    /// <summary>Runs the jobs.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; <see cref="Outcomes"/> tells how far it came.</exception>
    public async Task RunAsync(IReadOnlyList<BatchJob> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
        {
            Settle(new BatchOutcome(job, job.IsDone ? BatchState.Skipped : BatchState.NotRun, Attempts: 0));
        }

        foreach (var job in jobs.Where(job => !job.IsDone).GroupBy(job => job.Engine).SelectMany(group => group))
        {
            view.Start(job, jobs.Count);
            var outcome = await RunAsync(job, cancellationToken);
            Settle(outcome);
            view.End(outcome);
            if (stopOnError && outcome.State == BatchState.Failed)
            {
                return;
            }
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>What may be otherwise the next time: a disk that was full, a tool that was killed, memory that was short.</summary>
    internal static bool MayPass(LipSyncErrorCode code) =>
        code is LipSyncErrorCode.OutputFailed or LipSyncErrorCode.MediaToolFailed or LipSyncErrorCode.InferenceFailed;

    [SuppressMessage("Design", "CA1031", Justification = "One job's fault must not end the others.")]
    private async Task<BatchOutcome> RunAsync(BatchJob job, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            LipSyncException failure;
            try
            {
                await LipSyncEngine.CheckAsync(job.Request, cancellationToken);
                var result = await ProgressView.RunAsync(
                    view.Json,
                    async progress => await (await EngineAsync(job.Engine, cancellationToken)).SyncAsync(job.Request, progress, cancellationToken),
                    job.Number
                );
                return new BatchOutcome(job, BatchState.Done, attempt, result);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (LipSyncException error)
            {
                failure = error;
            }
            catch (Exception error)
            {
                failure = InternalFault.Of(error);
            }

            if (attempt > retries || !MayPass(failure.Code))
            {
                return new BatchOutcome(job, BatchState.Failed, attempt, Error: failure);
            }

            view.Retry(job, failure);
            await Task.Delay(FirstPause * attempt, cancellationToken);
        }
    }

    private Task<LipSyncEngine> EngineAsync(LipSyncEngineOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => _engine.Get(options, choice: null, cancellationToken), cancellationToken);

    private void Settle(BatchOutcome outcome) => _outcomes[outcome.Job.Number] = outcome;
}
