namespace LatentSync.Models.Download;

/// <summary>Which bytes of a file are there: ranges in order that neither overlap nor touch.</summary>
internal sealed class RangeSet
{
    private readonly List<ByteRange> _ranges = [];

    /// <summary>The ranges, in order.</summary>
    public IReadOnlyList<ByteRange> Ranges => _ranges;

    /// <summary>How many bytes are there.</summary>
    public long Total => _ranges.Sum(range => range.Length);

    /// <summary>Adds bytes, joining them with the ranges they touch.</summary>
    public void Add(ByteRange range)
    {
        if (range.Length <= 0)
        {
            return;
        }

        var first = _ranges.FindIndex(other => other.End >= range.Start);
        first = first < 0 ? _ranges.Count : first;
        var (start, end, next) = (range.Start, range.End, first);
        for (; next < _ranges.Count && _ranges[next].Start <= end; next++)
        {
            (start, end) = (Math.Min(start, _ranges[next].Start), Math.Max(end, _ranges[next].End));
        }

        _ranges.RemoveRange(first, next - first);
        _ranges.Insert(first, new ByteRange(start, end));
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _ranges.Clear();

    /// <summary>What a file of this length still lacks, in order.</summary>
    public IEnumerable<ByteRange> Missing(long length)
    {
        var start = 0L;
        foreach (var range in _ranges)
        {
            if (range.Start > start)
            {
                yield return new ByteRange(start, range.Start);
            }

            start = range.End;
        }

        if (start < length)
        {
            yield return new ByteRange(start, length);
        }
    }
}
