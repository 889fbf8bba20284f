using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary>How long the result is, what sound it gets, and how its pictures are encoded.</summary>
internal sealed class LengthOptionSet
{
    private const string SourceRate = "source";

    private readonly Option<LipSyncLength> _length = Choices.Option("--length", "What decides how long the result is.", LipSyncLength.Audio);
    private readonly Option<LipSyncLoop> _loop = Choices.Option("--loop", "What a video does that ends before the sound.", LipSyncLoop.PingPong);
    private readonly Option<double> _padding = new("--silent-padding")
    {
        Description = "Seconds of silence after the sound, 0 to 60; the mouth rests.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 0,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<double> _start = new("--audio-start")
    {
        Description = "Seconds of the sound to skip.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 0,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<double?> _duration = new("--audio-duration")
    {
        Description = "Seconds of the sound to use; else all of it.",
        HelpName = "seconds",
        CustomParser = result => Numbers.ParseDouble(result),
    };
    private readonly Option<double> _delay = new("--audio-delay")
    {
        Description = "Seconds of silence before the sound; the mouth rests.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 0,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<double> _videoStart = new("--video-start")
    {
        Description = "Seconds of the video to skip.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 0,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<int?> _audioTrack = new("--audio-track")
    {
        Description = "Sound track of the sound file, from 1; else the one it marks as default.",
        HelpName = "number",
        CustomParser = result => Numbers.ParseWhole<int>(result),
    };
    private readonly Option<int?> _videoTrack = new("--video-track")
    {
        Description = "Picture track of the video, from 1; else the one it marks as default.",
        HelpName = "number",
        CustomParser = result => Numbers.ParseWhole<int>(result),
    };
    private readonly Option<double?> _mix = new("--mix")
    {
        Description = "Mix the video's own sound under the given one, at this level in dB, such as -20.",
        HelpName = "dB",
        CustomParser = result => Numbers.ParseDouble(result),
    };
    private readonly Option<string> _fps = new("--fps")
    {
        Description = "Frames per second of the result: source (each frame of the video at its own time) or a number, such as 25 or 30000/1001.",
        HelpName = "source|number",
        DefaultValueFactory = _ => SourceRate,
    };
    private readonly Option<VideoCodec> _codec = Choices.Option("--codec", "How the pictures are encoded.", VideoCodec.H264);
    private readonly Option<VideoEncoderKind> _encoder = Choices.Option(
        "--encoder",
        "What encodes the pictures: the processor, a graphics card, or auto: the first card that can.",
        VideoEncoderKind.Software
    );
    private readonly Option<int?> _crf = new("--crf")
    {
        Description = "Constant rate factor, lower is better; 13 for h264.",
        HelpName = "number",
        CustomParser = result => Numbers.ParseWhole<int>(result),
    };
    private readonly Option<string?> _preset = new("--preset")
    {
        Description = "Preset of the encoder, or profile of prores; see docs/picture.md.",
        HelpName = "name",
    };
    private readonly Option<string?> _pixelFormat = new("--pix-fmt")
    {
        Description = "Pixel format of the result, such as yuv420p10le; else it follows the source.",
        HelpName = "name",
    };

    public LengthOptionSet() => _fps.Validators.Add(CheckRate);

    /// <summary>How long the result is, in the order of the help.</summary>
    public IEnumerable<Option> Settings => [_length, _loop, _padding];

    /// <summary>The rest, which has a meaning for files only.</summary>
    public IEnumerable<Option> FileSettings =>
        [_start, _duration, _delay, _videoStart, _audioTrack, _videoTrack, _mix, _fps, _codec, _encoder, _crf, _preset, _pixelFormat];

    /// <summary>Adds them to the rest, as far as they can be parsed.</summary>
    public LipSyncFileOptions Read(CommandResult result, LipSyncFileOptions options) =>
        options with
        {
            Timing = new TimingOptions
            {
                Length = SyncOptionSet.Value(result, _length, options.Timing.Length),
                Loop = SyncOptionSet.Value(result, _loop, options.Timing.Loop),
                SilentPadding = SyncOptionSet.Value(result, _padding, options.Timing.SilentPadding),
            },
            AudioStart = SyncOptionSet.Value(result, _start, options.AudioStart),
            AudioDuration = SyncOptionSet.Value(result, _duration, options.AudioDuration),
            AudioDelay = SyncOptionSet.Value(result, _delay, options.AudioDelay),
            VideoStart = SyncOptionSet.Value(result, _videoStart, options.VideoStart),
            AudioTrack = SyncOptionSet.Value(result, _audioTrack, options.AudioTrack),
            VideoTrack = SyncOptionSet.Value(result, _videoTrack, options.VideoTrack),
            MixLevel = SyncOptionSet.Value(result, _mix, options.MixLevel),
            FrameRate = ReadRate(result),
            Encoding = new VideoEncoding
            {
                Codec = SyncOptionSet.Value(result, _codec, options.Encoding.Codec),
                Encoder = SyncOptionSet.Value(result, _encoder, options.Encoding.Encoder),
                Crf = SyncOptionSet.Value(result, _crf, options.Encoding.Crf),
                Preset = SyncOptionSet.Value(result, _preset, options.Encoding.Preset),
                PixelFormat = SyncOptionSet.Value(result, _pixelFormat, options.Encoding.PixelFormat),
            },
        };

    private FrameRate? ReadRate(CommandResult result) => FrameRate.TryParse(SyncOptionSet.Value(result, _fps, SourceRate), out var rate) ? rate : null;

    private static void CheckRate(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>();
        if (text != SourceRate && !FrameRate.TryParse(text, out _))
        {
            result.AddError(CommandWords.Say($"--fps is {text}; it must be source, or from 1 to 120 frames per second (such as 25, 29.97 or 30000/1001)."));
        }
    }
}
