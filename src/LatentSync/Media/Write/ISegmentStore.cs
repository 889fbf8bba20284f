namespace LatentSync.Media.Write;

/// <summary>Keeps the finished parts of a result, so that a job that was stopped resumes after them.</summary>
internal interface ISegmentStore
{
    /// <summary>The parts that are finished, without a hole from the beginning.</summary>
    IReadOnlyList<SegmentEntry> Segments { get; }

    /// <summary>When a part ends.</summary>
    SegmentLength SegmentLength { get; }

    /// <summary>The full path of a part.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="extension">Of the file, with its point.</param>
    string PathOf(int index, string extension);

    /// <summary>What a part is called in the list from which ffmpeg joins them.</summary>
    /// <inheritdoc cref="PathOf"/>
    string NameInList(int index, string extension);

    /// <summary>The full path of a small text file, which is replaced.</summary>
    string WriteList(string text);

    /// <summary>Records that the next part is whole on the disk.</summary>
    Task AddAsync(SegmentEntry segment, string path);
}
