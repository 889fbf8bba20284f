using System.Buffers.Binary;
using System.Security.Cryptography;
using LatentSync.Faces.Tracking;
using LatentSync.Pipeline.Segments;
using LatentSync.TestKit;

namespace LatentSync.FuzzTests;

/// <summary>What another machine, or somebody else, gives as the analysis of a job.</summary>
public sealed class AnalysisTests
{
    private const int DigestLength = 32;
    private const int HeaderStart = 16;

    private static readonly byte[] Sample = AnalysisFile.Format(SampleAnalysis.Create());

    private static int HeaderEnd => HeaderStart + BinaryPrimitives.ReadInt32LittleEndian(Sample.AsSpan(HeaderStart - 4));

    /// <summary>Damaged anywhere.</summary>
    [Fact]
    public void File_() => Campaign.Run("analysis of a job", Mutations.Of([Sample], "LSyncAna", "null", "{", "[", "-1"), Read, IsDocumented);

    /// <summary>Damaged by somebody who gets the digest right.</summary>
    [Fact]
    public void Content() =>
        Campaign.Run(
            "analysis of a job, digest right",
            Mutations.Of([Sample[..^DigestLength]], "null", "-1", "9223372036854775807", "1e999"),
            Sealed,
            IsDocumented
        );

    /// <summary>Other words before the same lists.</summary>
    [Fact]
    public void Header()
    {
        string[] names =
        [
            "job",
            "ticks_per_second",
            "video_frames",
            "has_ended",
            "offset",
            "plan_bytes",
            "segments",
            "end",
            "samples",
            "reference_frames",
            "encoder",
            "counts",
            "cuts",
            "video_damage",
        ];
        var header = Sample[HeaderStart..HeaderEnd];
        Campaign.Run(
            "analysis of a job, header",
            Choose.Either(Mutations.Of([header], "null", "-1", "[", "{", "9223372036854775807", "0"), Grammars.Json(names, ["software", "auto"]).Bytes()),
            bytes => Sealed(Joined(bytes, Sample[HeaderEnd..^DigestLength])),
            IsDocumented
        );
    }

    /// <summary>Other lists after the same words.</summary>
    [Fact]
    public void Lists() =>
        Campaign.Run(
            "analysis of a job, lists",
            Mutations.Of([Sample[HeaderEnd..^DigestLength]]),
            bytes => Sealed(Joined(Sample[HeaderStart..HeaderEnd], bytes)),
            IsDocumented
        );

    private static byte[] Joined(byte[] header, byte[] lists)
    {
        byte[] content = [.. Sample.AsSpan(0, HeaderStart), .. header, .. lists];
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(HeaderStart - 4), header.Length);
        return content;
    }

    private static void Sealed(byte[] content) => Read([.. content, .. SHA256.HashData(content)]);

    /// <summary>All that a segment or the joining takes from the file.</summary>
    private static void Read(byte[] bytes)
    {
        var analysis = AnalysisFile.Parse(bytes, "analysis");
        for (var frame = 0; frame < analysis.Plans.Count; frame++)
        {
            Assert.All(analysis.Plans[frame].Faces.Where(face => face.IsPainted), face => face.Alignment.Invert());
            _ = analysis.Plans[frame].Fate;
        }

        Assert.All(analysis.Order, frame => Assert.InRange(frame.Source, 0, analysis.Plans.Count - 1));
        Assert.Equal(analysis.Order.Count, analysis.Segments.Sum(segment => segment.Frames));
        Assert.All(analysis.Segments, segment => Assert.True(segment.Start < segment.End));
        Assert.Equal(analysis.Order.Count, Enum.GetValues<FrameFate>().Sum(fate => analysis.Counts[fate]));
        Assert.True(analysis.Shown.Duration > 0);
    }

    private static bool IsDocumented(Exception error) => error is LipSyncException { Code: LipSyncErrorCode.InvalidInput };
}
