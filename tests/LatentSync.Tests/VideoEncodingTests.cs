namespace LatentSync.Tests;

public class VideoEncodingTests
{
    [Fact]
    public void Defaults_AreValid_ForEveryCodec() =>
        Assert.All(Enum.GetValues<VideoCodec>(), codec => Assert.Empty(new VideoEncoding { Codec = codec }.Validate()));

    [Theory]
    [InlineData(VideoCodec.H264, 52, "--crf is 52; for h264 it must be from 0 to 51.")]
    [InlineData(VideoCodec.Av1, -1, "--crf is -1; for av1 it must be from 0 to 63.")]
    [InlineData(VideoCodec.ProRes, 10, "--crf is 10; prores has none, its --preset chooses the quality.")]
    public void Crf_OutOfRange(VideoCodec codec, int crf, string expected) => Assert.Equal([expected], new VideoEncoding { Codec = codec, Crf = crf }.Validate());

    /// <summary>Nothing but a listed name reaches ffmpeg's command line.</summary>
    [Theory]
    [InlineData(VideoCodec.H264, "fast,crop=1:1")]
    [InlineData(VideoCodec.H264, "")]
    [InlineData(VideoCodec.Av1, "fast")]
    [InlineData(VideoCodec.ProRes, "HQ")]
    public void PresetAndPixelFormat_OnlyFromTheList(VideoCodec codec, string name)
    {
        var mistakes = new VideoEncoding { Codec = codec, Preset = name, PixelFormat = name }.Validate();
        Assert.Equal(2, mistakes.Count);
        Assert.StartsWith($"--preset is {name}; for ", mistakes[0], StringComparison.Ordinal);
        Assert.StartsWith($"--pix-fmt is {name}; for ", mistakes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownCodec_IsAMistake() => Assert.Single(new VideoEncoding { Codec = (VideoCodec)9 }.Validate());
}
