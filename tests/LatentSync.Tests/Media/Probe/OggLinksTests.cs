using LatentSync.Media.Probe;
using LatentSync.TestKit;

namespace LatentSync.Tests.Media.Probe;

/// <summary>Where the recordings of a chained file begin.</summary>
public class OggLinksTests
{
    private static readonly byte[] Head = OggPage.Make(OggPage.First, [.. "OpusHead"u8, 1, 1, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0]);
    private static readonly byte[] Data = OggPage.Make(0, new byte[700]);
    private static readonly byte[] Recording = [.. Head, .. Data, .. Data];

    [Fact]
    public void AChain_IsFound() =>
        Assert.Equal([0, Recording.Length, 2L * Recording.Length, 3L * Recording.Length], Find([.. Recording, .. Recording, .. Recording]));

    [Fact]
    public void OneRecording_IsNone() => Assert.Empty(Find(Recording));

    [Fact]
    public void AChainOfOtherCodecs_IsLeftToFfmpeg() =>
        Assert.Empty(Find([.. Recording, .. OggPage.Make(OggPage.First, [1, .. "vorbis"u8, .. new byte[23]]), .. Data]));

    [Fact]
    public void TracksSideBySide_AreNone() => Assert.Empty(Find([.. Head, .. Head, .. Data, .. Head, .. Head, .. Data]));

    [Fact]
    public void ABrokenEnd_BelongsToTheLast() => Assert.Equal([0, Recording.Length, (2L * Recording.Length) - 300], Find([.. Recording, .. Recording[..^300]]));

    [Theory]
    [InlineData("")]
    [InlineData("OggS")]
    [InlineData("RIFF and something that is no Ogg file, but long enough for a header")]
    public void OtherFiles_AreNone(string text) => Assert.Empty(Find(System.Text.Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("00000000: 4f70 7573 4865 6164 0101 3801 80bb 0000  OpusHead..8.....\n00000010: 0000 00      ...\n", 0.0065)]
    [InlineData("\n00000000: 4f70 7573 4865 6164 0102 000f 80bb 0000  OpusHead........\n", 0.08)]
    [InlineData("00000000: 0102 0304 4865 6164 0101 3801 80bb 0000  ....Head..8.....\n", 0)]
    [InlineData("00000000: 4f70 7573\n", 0)]
    [InlineData("", 0)]
    public void PreSkip_IsRead(string dump, double seconds) => Assert.Equal(seconds, OpusHeader.ParsePreSkip(dump), 6);

    /// <summary>A name cannot become a line of the list.</summary>
    [Theory]
    [InlineData("/v/it's.opus", @"file 'subfile,,start,0,end,10,,:file:/v/it'\''s.opus'")]
    [InlineData("/v/a\nfile b.opus", null)]
    public void TheList_QuotesNames(string path, string? line)
    {
        var url = LinkList.Of(new MediaInfo(path, "ogg", null, null, null) { LinkOffsets = [0, 10, 30] });
        var text = url is null ? null : System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(url.Split(',')[1]));
        Assert.Equal(line, text?.Split('\n')[1]);
        Assert.Equal(line is null ? null : 4, text?.Split('\n').Length);
    }

    private static IReadOnlyList<long> Find(byte[] bytes) => OggLinks.Find(new MemoryStream(bytes));
}
