using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Sound;

namespace LatentSync.Tests.Media.Sound;

public class SoundFilterTests
{
    [Theory]
    [InlineData(1, null, "mono")]
    [InlineData(2, null, "stereo")]
    [InlineData(6, null, "5.1")]
    [InlineData(6, "5.1(side)", null)]
    [InlineData(10, null, null)]
    public void ChannelsWithoutPlaces_GetTheUsualOnes(int channels, string? layout, string? expected) =>
        Assert.Equal(expected, SoundFilter.Guess(Track(channels) with { Layout = layout }));

    /// <summary>Each of many microphones is heard on both sides, and all together no louder than one alone.</summary>
    [Fact]
    public void ManyChannels_AreMixedIntoBothSides()
    {
        var graph = SoundFilter.Graph(1, Track(16), SoundEdit.None, layout: null, TimeSpan.FromSeconds(1));
        Assert.Contains(",pan=stereo|c0=0.0625*c0+0.0625*c1+", graph, StringComparison.Ordinal);
        Assert.EndsWith("+0.0625*c15,atrim=start_sample=0,asetpts=N/SR/TB,apad=whole_len=48000,atrim=end_sample=48000[sound]", graph, StringComparison.Ordinal);
        Assert.Contains(",pan=mono|c0=0.0625*c0+", SoundFilter.Heard(Track(16)), StringComparison.Ordinal);
        Assert.DoesNotContain("pan", SoundFilter.Heard(Track(8)), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreChannelsThanCanBeMixed_AreRefused()
    {
        var media = new MediaInfo("a.wav", "wav", null, null, Track(65));
        var error = Assert.Throws<LipSyncException>(media.RequireAudio);
        Assert.Equal(
            (LipSyncErrorCode.InvalidInput, "The sound of \"a.wav\" has 65 channels, more than the 64 that can be mixed; choose a sound with fewer."),
            (error.Code, error.Message)
        );
    }

    private static AudioStreamInfo Track(int channels) => new(0, "pcm_s16le", 48000, channels, null);
}
