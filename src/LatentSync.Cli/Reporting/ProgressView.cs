using LatentSync.FrontEnd.Events;

namespace LatentSync.Cli.Reporting;

/// <summary>Shows progress as fits where it goes: bars on a terminal, JSON lines on request, a line now and then in a log or on a simple terminal.</summary>
internal static class ProgressView
{
    /// <summary>Runs a job and shows how far it is.</summary>
    /// <param name="json">For a program.</param>
    /// <param name="job">The job.</param>
    /// <param name="number">Its number in a batch.</param>
    public static async Task<T> RunAsync<T>(bool json, Func<IProgress<LipSyncProgress>, Task<T>> job, int? number = null)
    {
        if (json)
        {
            return await job(new DirectProgress<LipSyncProgress>(progress => JsonLines.Write(JsonLines.OfJob(JobEvents.Progress(progress), number))));
        }

        return Terminal.CanRedraw
            ? await Terminal.RunAsync(lines => job(new BarProgress(lines, Terminal.IsUnicode, TimeProvider.System)))
            : await job(new LogProgress(Console.Error));
    }
}
