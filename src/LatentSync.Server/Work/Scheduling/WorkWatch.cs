using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Work.Scheduling;

/// <summary>Looks every few seconds for work that does not get on: slow segments, and jobs whose version is gone.</summary>
internal sealed partial class WorkWatch(Stragglers stragglers, LostVersions versions, ILogger<WorkWatch> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [SuppressMessage("Design", "CA1031", Justification = "It is looked again a little later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, time, stoppingToken);
                if (await stragglers.RaceAsync(stoppingToken) is > 0 and var slow)
                {
                    LogSlow(slow);
                }

                if (await versions.BeginAnewAsync(stoppingToken) is > 0 and var jobs)
                {
                    LogVersions(jobs);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} segments take far longer than others of their jobs; idle workers make them too.")]
    private partial void LogSlow(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs were begun by a version that no worker has any more; they begin anew.")]
    private partial void LogVersions(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Slow segments and lost versions could not be looked for.")]
    private partial void LogFault(Exception error);
}
