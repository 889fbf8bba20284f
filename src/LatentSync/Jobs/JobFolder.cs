using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Jobs;

/// <summary>
/// The folder of one job: its finished parts, and the journal that says which they are. A part is in the journal only when
/// it is whole on the disk. Held by one process at a time; the system frees the lock however the process ends.
/// </summary>
internal sealed class JobFolder : ISegmentStore, IDisposable
{
    private const int LockAttempts = 20;

    private readonly FileStream _lock;
    private readonly int _ticksPerSecond;
    private readonly List<JobSegment> _segments = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _describing = Task.CompletedTask;

    private JobFolder(string folder, FileStream held, TimeSpan segmentDuration, FrameClock clock)
    {
        (Path, _lock, _ticksPerSecond) = (folder, held, clock.TicksPerSecond);
        SegmentLength = SegmentLength.Of(segmentDuration, clock);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether the result is in place.</summary>
    public bool IsFinished { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<SegmentEntry> Segments => [.. _segments.Select(segment => new SegmentEntry(segment.Frames, segment.Start, segment.End))];

    /// <inheritdoc/>
    public SegmentLength SegmentLength { get; }

    /// <summary>Opens the folder of an output, or makes it.</summary>
    /// <param name="output">The output.</param>
    /// <param name="isRestart">What an earlier job left is thrown away.</param>
    /// <param name="segmentDuration">How long a part is at least.</param>
    /// <param name="clock">The clock of the result's times.</param>
    /// <exception cref="LipSyncException">OutputFailed: another process is at it, or the disk does not let it.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the lock.")]
    public static JobFolder Open(string output, bool isRestart, TimeSpan segmentDuration, FrameClock clock)
    {
        var folder = JobPlace.Of(output);
        var job = new JobFolder(folder, Lock(folder, output), segmentDuration, clock);
        if (isRestart)
        {
            job.Clear();
        }

        return job;
    }

    /// <summary>
    /// Takes up what an earlier job left if it was the same job, or begins one. The digests of a new job's inputs are made
    /// beside the work.
    /// </summary>
    /// <param name="description">The job, without the digests.</param>
    /// <param name="inputs">The input files by their option.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">InvalidOptions or InvalidInput: it was another job, or its files are damaged.</exception>
    public async Task BeginAsync(JobDescription description, IReadOnlyDictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        var known = JobFiles.Read(File(JobPlace.DescriptionName), JobJson.Default.JobDescription);
        var journal = JobFiles.Read(File(JobPlace.JournalName), JobJson.Default.JobJournal);
        if (known is null || journal is not { Segments.Count: > 0 })
        {
            Clear();
            _describing = Task.Run(
                async () => Describe(description with { Inputs = await DigestsAsync(inputs, _stop.Token).ConfigureAwait(false) }),
                CancellationToken.None
            );
            return;
        }

        JobComparison.RequireSame(known, description);
        if (journal.TicksPerSecond != _ticksPerSecond)
        {
            throw JobFiles.Damaged(File(JobPlace.JournalName));
        }

        JobComparison.RequireSameInputs(known, await DigestsAsync(inputs, cancellationToken).ConfigureAwait(false), inputs);
        foreach (var segment in journal.Segments)
        {
            if (!await IsWholeAsync(segment, cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            _segments.Add(segment);
        }
    }

    /// <inheritdoc/>
    public string PathOf(int index, string extension) => File(JobPlace.SegmentName(index, extension));

    /// <inheritdoc/>
    public string NameInList(int index, string extension) => JobPlace.SegmentName(index, extension);

    /// <inheritdoc/>
    public string WriteList(string text)
    {
        JobFiles.Write(File(JobPlace.ListName), Encoding.ASCII.GetBytes(text));
        return File(JobPlace.ListName);
    }

    /// <inheritdoc/>
    public async Task AddAsync(SegmentEntry segment, string path)
    {
        await _describing.ConfigureAwait(false);
        try
        {
            using var file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw JobFiles.Disk(path, $"written", error);
        }

        var digest = await JobFiles.DigestAsync(path, CancellationToken.None).ConfigureAwait(false);
        _segments.Add(new JobSegment(System.IO.Path.GetFileName(path), segment.Frames, segment.Start, segment.End, new FileInfo(path).Length, digest));
        JobFiles.Write(
            File(JobPlace.JournalName),
            JsonSerializer.SerializeToUtf8Bytes(new JobJournal { TicksPerSecond = _ticksPerSecond, Segments = _segments }, JobJson.Default.JobJournal)
        );
    }

    /// <summary>The result is in place: disposing removes the folder.</summary>
    public void Finish() => IsFinished = true;

    /// <summary>Keeps the folder if the journal knows of a part, even of another job, and the job is not finished; else removes it.</summary>
    public void Dispose()
    {
        // A digest that is still being made is not worth waiting for, but its file must not come after the others are gone.
        _stop.Cancel();
        ((IAsyncResult)_describing).AsyncWaitHandle.WaitOne();
        _stop.Dispose();
        if (IsFinished || !System.IO.File.Exists(File(JobPlace.JournalName)))
        {
            JobPlace.Delete(Path);
            JobIndex.Remove(Path);
        }

        _lock.Dispose();
    }

    private void Describe(JobDescription description)
    {
        JobFiles.Write(File(JobPlace.DescriptionName), JsonSerializer.SerializeToUtf8Bytes(description, JobJson.Default.JobDescription));
        JobIndex.Add(Path);
    }

    private void Clear()
    {
        foreach (
            var path in Directory
                .EnumerateFiles(Path)
                .Where(path => System.IO.Path.GetFileName(path) is var name && name != JobPlace.LockName && JobPlace.IsOwn(name))
                .ToList()
        )
        {
            System.IO.File.Delete(path);
        }
    }

    /// <summary>A part may be used if it is where it belongs, follows the one before, and is what was written.</summary>
    private async Task<bool> IsWholeAsync(JobSegment? segment, CancellationToken cancellationToken)
    {
        var index = _segments.Count;
        if (
            segment is not { Frames: > 0, Sha256: not null }
            || segment.Start != (index == 0 ? 0 : _segments[^1].End)
            || segment.End <= segment.Start
            || (segment.File != JobPlace.SegmentName(index, ".mp4") && segment.File != JobPlace.SegmentName(index, ".mov"))
        )
        {
            throw JobFiles.Damaged(File(JobPlace.JournalName));
        }

        var file = new FileInfo(File(segment.File));
        return file.Exists
            && file.LinkTarget is null
            && file.Length == segment.Bytes
            && await JobFiles.DigestAsync(file.FullName, cancellationToken).ConfigureAwait(false) == segment.Sha256;
    }

    private static async Task<IReadOnlyDictionary<string, string>> DigestsAsync(IReadOnlyDictionary<string, string> inputs, CancellationToken cancellationToken)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (option, path) in inputs)
        {
            digests[option] = await JobFiles.DigestAsync(path, cancellationToken).ConfigureAwait(false);
        }

        return digests;
    }

    private static FileStream Lock(string folder, string output)
    {
        var path = System.IO.Path.Combine(folder, JobPlace.LockName);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A name that begins with a point is not hidden on Windows.
                Directory.CreateDirectory(folder).Attributes |= FileAttributes.Hidden;
                var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (System.IO.File.Exists(path))
                {
                    return held;
                }

                // Another job has just ended and removed the folder, and this file with it.
                held.Dispose();
            }
            catch (DirectoryNotFoundException) when (attempt < LockAttempts)
            {
                // The same, a moment earlier.
            }
            catch (IOException error) when (error.GetType() == typeof(IOException) && System.IO.File.Exists(path))
            {
                throw new LipSyncException(
                    LipSyncErrorCode.OutputFailed,
                    $"Another latentsync is making \"{output}\"; wait until it is done, or choose another name.",
                    error
                )
                {
                    Path = output,
                };
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw JobFiles.Disk(folder, $"written", error);
            }
        }
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
