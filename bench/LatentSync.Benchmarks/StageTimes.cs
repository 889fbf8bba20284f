using System.Diagnostics;

namespace LatentSync.Benchmarks;

/// <summary>Times of one stage, a value per frame.</summary>
internal sealed class StageTimes(string stage)
{
    private readonly List<double> _milliseconds = [];

    public void Measure(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    public async Task<T> MeasureAsync<T>(Func<ValueTask<T>> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await work();
        _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }

    /// <summary>| stage | median | 90th percentile | least |.</summary>
    public string Row()
    {
        var sorted = _milliseconds.Order().ToList();
        return FormattableString.Invariant($"| {stage} | {sorted[sorted.Count / 2]:0.0} | {sorted[sorted.Count * 9 / 10]:0.0} | {sorted[0]:0.0} |");
    }
}
