using LatentSync.Jobs;
using LatentSync.Timeline;

namespace LatentSync;

/// <summary>The jobs of this user that were stopped: lists, finds and removes them.</summary>
public static class UnfinishedJobs
{
    private const string OutputProperty = "Output";

    /// <summary>The jobs that this user began and that are still there. One that is damaged is left out.</summary>
    public static IReadOnlyList<UnfinishedJob> List() => [.. JobIndex.List().Select(TryRead).OfType<UnfinishedJob>()];

    /// <summary>A job.</summary>
    /// <param name="path">Its folder, or the result it was to make.</param>
    /// <exception cref="LipSyncException">There is none, or its files are damaged.</exception>
    public static UnfinishedJob Find(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var folder = Directory.Exists(full) && full.EndsWith(JobPlace.Ending, StringComparison.Ordinal) ? full : JobPlace.Of(full);
        return Read(folder)
            ?? throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"There is no unfinished job of \"{path}\"; see latentsync jobs list, or begin it with latentsync sync."
            )
            {
                Path = path,
            };
    }

    /// <summary>Throws away what a job has kept.</summary>
    /// <param name="path">Its folder, or the result it was to make.</param>
    /// <exception cref="LipSyncException">There is none, or it is running.</exception>
    public static void Remove(string path)
    {
        var job = Find(path);
        using var folder = JobFolder.Open(job.Output, isRestart: true, TimeSpan.Zero, FrameClock.Model);
    }

    private static UnfinishedJob? TryRead(string folder)
    {
        try
        {
            return Read(folder);
        }
        catch (LipSyncException)
        {
            return null;
        }
    }

    private static UnfinishedJob? Read(string folder)
    {
        var description = JobFiles.Read(Path.Combine(folder, JobPlace.DescriptionName), JobJson.Default.JobDescription);
        var journal = JobFiles.Read(Path.Combine(folder, JobPlace.JournalName), JobJson.Default.JobJournal);
        if (description is null || journal is not { Segments: [.., var last] })
        {
            return null;
        }

        // A folder from somebody else must not make this user write anywhere but beside it.
        if (
            description is not { Output: not null, Options: not null }
            || description.Options.GetValueOrDefault(OutputProperty) != description.Output
            || !string.Equals(JobPlace.Of(description.Output), folder, StringComparison.Ordinal)
            || last is null
            || journal.TicksPerSecond <= 0
        )
        {
            throw JobFiles.Damaged(Path.Combine(folder, JobPlace.DescriptionName));
        }

        return new UnfinishedJob
        {
            Folder = folder,
            Output = description.Output,
            Kept = new FrameClock(journal.TicksPerSecond, FrameSchedule.FramesPerSecond).Time(last.End),
            Bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length),
            Options = description.Options,
        };
    }
}
