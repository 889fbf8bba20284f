using LatentSync.Jobs;
using LatentSync.Media.Write;

namespace LatentSync.Pipeline.Segments;

/// <summary>Finished parts of a result that lie anywhere; they are read and not changed.</summary>
/// <param name="entries">The parts in their order.</param>
/// <param name="paths">Their full paths.</param>
/// <param name="list">Where the list of them is written, as a full path.</param>
internal sealed class GivenSegments(IReadOnlyList<SegmentEntry> entries, IReadOnlyList<string> paths, string list) : ISegmentStore
{
    /// <inheritdoc/>
    public IReadOnlyList<SegmentEntry> Segments => entries;

    /// <summary>No other part follows.</summary>
    public SegmentLength SegmentLength => new(long.MaxValue);

    /// <inheritdoc/>
    public string PathOf(int index, string extension) => paths[index];

    /// <inheritdoc/>
    public string NameInList(int index, string extension) => SegmentList.Quote(paths[index]);

    /// <inheritdoc/>
    public string WriteList(string text)
    {
        JobFiles.Write(list, System.Text.Encoding.UTF8.GetBytes(text));
        return list;
    }

    /// <summary>All parts are there.</summary>
    public Task AddAsync(SegmentEntry segment, string path) => throw new InvalidOperationException("Nothing is added to the parts that were given.");
}
