using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using LatentSync.Faces.Tracking;
using LatentSync.Jobs;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Segments;

/// <summary>
/// A <see cref="StoredAnalysis"/> as a file: eight letters, the version of the layout, the length of the header, the header in JSON,
/// the times of the video's frames, their plans, the frames of the result, and the SHA-256 of all before. Numbers are little
/// endian; those in the lists are differences of 7 bits a byte.
/// </summary>
internal static class AnalysisFile
{
    /// <summary>Grows when the layout changes.</summary>
    public const int Version = 1;

    // Ten hours at 60 frames a second with a face in each take 140 MB.
    private const long LongestFile = 1 << 30;

    // A thousand hours: nothing is longer, and all numbers of ticks and samples stay far below their limits.
    private const long LongestSeconds = 3_600_000;
    private const int DigestLength = SHA256.HashSizeInBytes;
    private const int Prefix = 16;

    private static ReadOnlySpan<byte> Magic => "LSyncAna"u8;

    /// <summary>Writes the file, there whole or not at all.</summary>
    /// <exception cref="LipSyncException">OutputFailed.</exception>
    public static void Write(OutputFile file, StoredAnalysis analysis)
    {
        var partial = file.CreatePartial();
        try
        {
            File.WriteAllBytes(partial, Format(analysis));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw JobFiles.Disk(file.FullPath, $"written", error);
        }

        file.Commit(partial);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="LipSyncException">InvalidInput: it is not there, or not what <see cref="Write"/> wrote.</exception>
    public static StoredAnalysis Read(string path)
    {
        var fullPath = MediaInput.Validate(path);
        try
        {
            return Parse(new FileInfo(fullPath).Length <= LongestFile ? File.ReadAllBytes(fullPath) : [], path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw JobFiles.Disk(path, $"read", error);
        }
    }

    /// <summary>The bytes of the file.</summary>
    public static byte[] Format(StoredAnalysis analysis)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(Header(analysis), AnalysisJson.Default.AnalysisHeader);
        var bytes = new List<byte>();
        bytes.AddRange(Magic);
        Span<byte> numbers = stackalloc byte[Prefix - Magic.Length];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, Version);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[sizeof(int)..], header.Length);
        bytes.AddRange(numbers);
        bytes.AddRange(header);
        AnalysisLists.Write(bytes, analysis);
        var digest = SHA256.HashData(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
        return [.. bytes, .. digest];
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="path">For the error.</param>
    /// <exception cref="LipSyncException">InvalidInput.</exception>
    public static StoredAnalysis Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        var span = bytes.Span;
        if (span.Length < Prefix + DigestLength || !span.StartsWith(Magic))
        {
            throw Damaged(path);
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(span[Magic.Length..]) != Version)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"\"{path}\" was written by another version of latentsync; analyze the video again.")
            {
                Path = path,
            };
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(span[(Magic.Length + sizeof(int))..]);
        var content = bytes[Prefix..^DigestLength];
        if (!SHA256.HashData(span[..^DigestLength]).AsSpan().SequenceEqual(span[^DigestLength..]) || length < 0 || length > content.Length)
        {
            throw Damaged(path);
        }

        try
        {
            var header = JsonSerializer.Deserialize(content.Span[..length], AnalysisJson.Default.AnalysisHeader);
            return (header is null ? null : Analysis(header, content[length..])) ?? throw Damaged(path);
        }
        catch (JsonException)
        {
            throw Damaged(path);
        }
    }

    /// <summary>The error of a file that is anything else.</summary>
    public static LipSyncException Damaged(string path) =>
        new(LipSyncErrorCode.InvalidInput, $"\"{path}\" is damaged, or no analysis of a job; analyze the video again.") { Path = path };

    private static AnalysisHeader Header(StoredAnalysis analysis) =>
        new()
        {
            Job = analysis.Job,
            TicksPerSecond = analysis.Video.TicksPerSecond,
            VideoFrames = analysis.Video.Count,
            HasEnded = analysis.HasEnded,
            Offset = analysis.Offset,
            PlanBytes = analysis.Plans.Bytes.Length,
            Segments = [.. analysis.Segments.Select(segment => segment.Frames)],
            End = analysis.Last.End,
            Samples = analysis.Samples,
            ReferenceFrames = analysis.ReferenceFrames,
            Encoder = analysis.Encoder,
            Counts = [.. Enum.GetValues<FrameFate>().Select(fate => analysis.Counts[fate])],
            Cuts = analysis.Cuts,
            SmallFaces = analysis.Unusable.Small,
            FacesAreTurned = analysis.Unusable.AreTurned,
            VideoDamage = analysis.VideoDamage,
            SoundDamage = analysis.SoundDamage,
        };

    /// <summary>Null if the parts do not fit each other.</summary>
    private static StoredAnalysis? Analysis(AnalysisHeader header, ReadOnlyMemory<byte> lists)
    {
        if (
            header is not { TicksPerSecond: > 0, VideoFrames: > 0, PlanBytes: > 0, Cuts: >= 0, SmallFaces: >= 0 }
            || header.Samples is <= 0 or > LongestSeconds * AudioReader.SampleRate
            || Int128.Abs(header.Offset) > LongestSeconds * header.TicksPerSecond
            || header.End > LongestSeconds * header.TicksPerSecond
            || header.Encoder == VideoEncoderKind.Auto
            || !Enum.IsDefined(header.Encoder)
            || header.ReferenceFrames < 1
            || header.Counts.Count != Enum.GetValues<FrameFate>().Length
            || header.Counts.Any(count => count < 0)
            || AnalysisLists.Read(header, lists) is not var (video, plans, order)
            || order[^1].Start >= header.End
            || video.Duration > LongestSeconds * header.TicksPerSecond
            || header.Counts.Sum(count => (long)count) != order.Count
            || Entries(header, order) is not { } segments
        )
        {
            return null;
        }

        var counts = new FrameCounts();
        foreach (var (fate, count) in Enum.GetValues<FrameFate>().Zip(header.Counts))
        {
            counts.Add(fate, count);
        }

        return new StoredAnalysis
        {
            Job = header.Job,
            Video = video,
            HasEnded = header.HasEnded,
            Offset = header.Offset,
            Plans = plans,
            Order = order,
            Last = new LastFrame(order[^1].Start, header.End),
            Segments = segments,
            Samples = header.Samples,
            ReferenceFrames = header.ReferenceFrames,
            Encoder = header.Encoder,
            Counts = counts,
            Cuts = header.Cuts,
            Unusable = new UnusableFaces(header.SmallFaces, header.FacesAreTurned),
            VideoDamage = header.VideoDamage,
            SoundDamage = header.SoundDamage,
        };
    }

    private static SegmentEntry[]? Entries(AnalysisHeader header, IReadOnlyList<FrameMoment> order)
    {
        var (entries, first) = (new SegmentEntry[header.Segments.Count], 0L);
        for (var i = 0; i < entries.Length; i++)
        {
            var (frames, next) = (header.Segments[i], first + header.Segments[i]);
            if (frames < 1 || next > order.Count)
            {
                return null;
            }

            entries[i] = new SegmentEntry(frames, order[(int)first].Start, next == order.Count ? header.End : order[(int)next].Start);
            first = next;
        }

        return first == order.Count ? entries : null;
    }
}
