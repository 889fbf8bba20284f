using System.Buffers.Binary;
using System.Security.Cryptography;
using LatentSync.Faces.Tracking;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Segments;
using LatentSync.TestKit;

namespace LatentSync.Tests.Pipeline.Segments;

public sealed class AnalysisFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasWritten_IsRead()
    {
        var analysis = SampleAnalysis.Create();
        using (var file = OutputFile.Create(_folder.File("a"), overwrite: true, []))
        {
            AnalysisFile.Write(file, analysis);
        }

        var read = AnalysisFile.Read(_folder.File("a"));
        Assert.Equal(analysis.Order, read.Order);
        Assert.Equal(analysis.Segments, read.Segments);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => analysis.Video[i]), Enumerable.Range(0, 6).Select(i => read.Video[i]));
        for (var frame = 0; frame < analysis.Plans.Count; frame++)
        {
            Assert.Equal(analysis.Plans[frame].Faces, read.Plans[frame].Faces);
            Assert.Equal(analysis.Plans[frame].StartsShot, read.Plans[frame].StartsShot);
        }

        Assert.Equal(
            (analysis.Last, analysis.Samples, analysis.ReferenceFrames, analysis.Encoder, analysis.Cuts, analysis.Unusable, analysis.HasEnded, analysis.Offset),
            (read.Last, read.Samples, read.ReferenceFrames, read.Encoder, read.Cuts, read.Unusable, read.HasEnded, read.Offset)
        );
        Assert.Equal((analysis.VideoDamage, analysis.SoundDamage), (read.VideoDamage, read.SoundDamage));
        Assert.All(Enum.GetValues<FrameFate>(), fate => Assert.Equal(analysis.Counts[fate], read.Counts[fate]));
        Assert.Equal(AnalysisFile.Format(analysis), AnalysisFile.Format(read));
        Assert.Equal(["a"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void AnotherVersion_IsRefused()
    {
        var bytes = AnalysisFile.Format(SampleAnalysis.Create());
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), AnalysisFile.Version + 1);
        Assert.Equal("\"a\" was written by another version of latentsync; analyze the video again.", Refusal(bytes));
    }

    [Fact]
    public void ADamagedFile_IsRefused()
    {
        var bytes = AnalysisFile.Format(SampleAnalysis.Create());
        const string damaged = "\"a\" is damaged, or no analysis of a job; analyze the video again.";
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(damaged, Refusal(bytes[..i]));
        }

        bytes[^50] ^= 1;
        Assert.Equal(damaged, Refusal(bytes));
    }

    /// <summary>The digest keeps nobody from writing what no analysis says.</summary>
    [Fact]
    public void WhatDoesNotFitTogether_IsRefused()
    {
        var analysis = SampleAnalysis.Create();
        StoredAnalysis[] mistakes =
        [
            analysis with
            {
                Order = [.. analysis.Order.SkipLast(1)],
            },
            analysis with
            {
                Order = [new FrameMoment(5, 0), .. analysis.Order.Skip(1)],
            },
            analysis with
            {
                Order = [new FrameMoment(0, 1), .. analysis.Order.Skip(1)],
            },
            analysis with
            {
                Order = [.. analysis.Order.SkipLast(1), analysis.Order[^1] with { Start = analysis.Order[^2].Start }],
            },
            analysis with
            {
                Segments = [.. analysis.Segments.Skip(1)],
            },
            analysis with
            {
                Segments = [],
            },
            analysis with
            {
                Last = analysis.Last with { End = analysis.Order[^1].Start },
            },
            analysis with
            {
                Last = analysis.Last with { End = long.MaxValue },
            },
            analysis with
            {
                Samples = 0,
            },
            analysis with
            {
                Samples = long.MaxValue,
            },
            analysis with
            {
                ReferenceFrames = 0,
            },
            analysis with
            {
                Cuts = -1,
            },
            analysis with
            {
                Offset = long.MinValue,
            },
            analysis with
            {
                Encoder = VideoEncoderKind.Auto,
            },
            analysis with
            {
                Encoder = (VideoEncoderKind)77,
            },
            analysis with
            {
                Counts = new(),
            },
        ];
        Assert.All(mistakes, mistake => Assert.Contains("is damaged", Refusal(AnalysisFile.Format(mistake)), StringComparison.Ordinal));
    }

    [Fact]
    public void AFileThatIsNotThere_IsRefused()
    {
        var error = Assert.Throws<LipSyncException>(() => AnalysisFile.Read(_folder.File("none")));
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDigest_IsOfAllBefore()
    {
        var bytes = AnalysisFile.Format(SampleAnalysis.Create());
        Assert.Equal(SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)), bytes[^32..]);
    }

    private static string Refusal(byte[] bytes)
    {
        var error = Assert.Throws<LipSyncException>(() => AnalysisFile.Parse(bytes, "a"));
        Assert.Equal((LipSyncErrorCode.InvalidInput, "a"), (error.Code, error.Path));
        return error.Message;
    }
}
