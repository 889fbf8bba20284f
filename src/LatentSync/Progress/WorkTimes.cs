using System.Diagnostics;

namespace LatentSync.Progress;

/// <summary>Adds up the wall-clock time of each kind of work of one job. Thread-safe.</summary>
internal sealed class WorkTimes
{
    private readonly long[] _ticks = new long[Enum.GetValues<LipSyncWork>().Length];

    /// <summary>Counts the time until the result is disposed.</summary>
    public Measurement Measure(LipSyncWork work) => new(this, work, Stopwatch.GetTimestamp());

    /// <summary>Adds a time that was measured elsewhere.</summary>
    public void Add(LipSyncWork work, TimeSpan time) => Interlocked.Add(ref _ticks[(int)work], (long)(time.TotalSeconds * Stopwatch.Frequency));

    /// <summary>The times so far, each kind of work in its order.</summary>
    public IReadOnlyDictionary<LipSyncWork, TimeSpan> ToDictionary() =>
        Enum.GetValues<LipSyncWork>().ToDictionary(work => work, work => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks[(int)work])));

    /// <summary>A running measurement.</summary>
    internal readonly struct Measurement(WorkTimes times, LipSyncWork work, long start) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => Interlocked.Add(ref times._ticks[(int)work], Stopwatch.GetTimestamp() - start);
    }
}
