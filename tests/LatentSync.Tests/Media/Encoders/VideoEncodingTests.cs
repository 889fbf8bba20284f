using LatentSync.FrontEnd.Words;

namespace LatentSync.Tests.Media.Encoders;

public class VideoEncodingTests
{
    [Fact]
    public void Defaults_AreValid_ForEveryCodec() =>
        Assert.All(Enum.GetValues<VideoCodec>(), codec => Assert.Empty(new VideoEncoding { Codec = codec }.Validate()));

    [Theory]
    [InlineData(VideoCodec.H264, 52, "--crf is 52; for h264 it must be from 0 to 51.")]
    [InlineData(VideoCodec.Av1, -1, "--crf is -1; for av1 it must be from 0 to 63.")]
    [InlineData(VideoCodec.ProRes, 10, "--crf is 10; prores has none, its --preset chooses the quality.")]
    public void Crf_OutOfRange(VideoCodec codec, int crf, string expected) =>
        Assert.Equal([expected], Mistakes(new VideoEncoding { Codec = codec, Crf = crf }));

    /// <summary>Nothing but a listed name reaches ffmpeg's command line.</summary>
    [Theory]
    [InlineData(VideoCodec.H264, "fast,crop=1:1")]
    [InlineData(VideoCodec.H264, "")]
    [InlineData(VideoCodec.Av1, "fast")]
    [InlineData(VideoCodec.ProRes, "HQ")]
    public void PresetAndPixelFormat_OnlyFromTheList(VideoCodec codec, string name)
    {
        var mistakes = Mistakes(
            new VideoEncoding
            {
                Codec = codec,
                Preset = name,
                PixelFormat = name,
            }
        );
        Assert.Equal(2, mistakes.Count);
        Assert.StartsWith($"--preset is {name}; for ", mistakes[0], StringComparison.Ordinal);
        Assert.StartsWith($"--pix-fmt is {name}; for ", mistakes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownCodec_IsAMistake() => Assert.Single(new VideoEncoding { Codec = (VideoCodec)9 }.Validate());

    [Theory]
    [InlineData(VideoEncoderKind.Nvenc, VideoCodec.ProRes, null, "--encoder nvenc cannot write prores; choose another --codec, or leave out --encoder.")]
    [InlineData(
        VideoEncoderKind.VideoToolbox,
        VideoCodec.Av1,
        null,
        "--encoder videotoolbox cannot write av1; choose another --codec, or leave out --encoder."
    )]
    [InlineData(VideoEncoderKind.Vaapi, VideoCodec.H264, "fast", "--preset is fast; h264 with vaapi has none, leave it out.")]
    [InlineData(VideoEncoderKind.Amf, VideoCodec.H264, "fast", "--preset is fast; for h264 it must be speed, balanced or quality.")]
    public void Hardware_SaysWhatItCannot(VideoEncoderKind kind, VideoCodec codec, string? preset, string expected) =>
        Assert.Equal(
            [expected],
            Mistakes(
                new VideoEncoding
                {
                    Encoder = kind,
                    Codec = codec,
                    Preset = preset,
                }
            )
        );

    [Fact]
    public void UnknownEncoder_IsAMistake() => Assert.Single(new VideoEncoding { Encoder = (VideoEncoderKind)99 }.Validate());

    private static List<string> Mistakes(VideoEncoding encoding) => [.. encoding.Validate().Select(mistake => CommandWords.Say(mistake.Sentence))];
}
