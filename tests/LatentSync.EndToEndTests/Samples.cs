using LatentSync.EndToEndTests;
using LatentSync.Media.Ffmpeg;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

[assembly: AssemblyFixture(typeof(Samples))]

namespace LatentSync.EndToEndTests;

/// <summary>Models and short clips of the rendered heads, each made when a test first asks for it.</summary>
public sealed class Samples : IDisposable
{
    internal const int Width = 360;
    internal const int Height = 560;
    internal const int FramesPerSecond = 25;

    /// <summary>Frames of <see cref="Talk"/>.</summary>
    internal const int TalkFrames = 30;

    /// <summary>Frames that <see cref="Sound"/> lasts.</summary>
    internal const int SoundFrames = 25;

    /// <summary>Frames of <see cref="Marked"/>: more than a backward pass holds at once.</summary>
    internal const int MarkedFrames = 60;

    private const string CloseUpFilter = "scale=360:560";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _models;
    private readonly Lazy<string> _talk;
    private readonly Lazy<string> _marked;
    private readonly Lazy<string> _sound;
    private readonly Lazy<string> _longSound;
    private readonly Lazy<string> _longerSound;

    public Samples()
    {
        _models = new(() =>
        {
            GoldenModelFolder.Create(_folder.File("models"));
            return _folder.File("models");
        });
        _talk = new(() => Video("talk.mp4", "-vf", CloseUpFilter, "-frames:v", Invariant($"{TalkFrames}")));
        _marked = new(() =>
            Video(
                "marked.mp4",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=360x80:r=25",
                "-filter_complex",
                $"[0:v]{CloseUpFilter}[v];[v][1:v]overlay=0:480",
                "-frames:v",
                Invariant($"{MarkedFrames}")
            )
        );
        _sound = new(() => Speech("sound.wav", "1"));
        _longSound = new(() => Speech("long.wav", "9"));
        _longerSound = new(() => Speech("longer.wav", "2.5"));
    }

    /// <summary>A complete model folder of small networks, 128 px.</summary>
    internal string Models => _models.Value;

    /// <summary>A woman who speaks, 360x560, 25 fps, no sound.</summary>
    internal string Talk => _talk.Value;

    /// <summary>The same with a moving test pattern below the face, so that no two frames are alike.</summary>
    internal string Marked => _marked.Value;

    /// <summary>One second of speech at 44.1 kHz in two channels.</summary>
    internal string Sound => _sound.Value;

    /// <summary>Two and a half seconds of speech, twice as long as <see cref="Talk"/>.</summary>
    internal string LongerSound => _longerSound.Value;

    /// <summary>Nine seconds of speech.</summary>
    internal string LongSound => _longSound.Value;

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs ffmpeg; the last argument is the file to write.</summary>
    internal static string Make(params string[] arguments)
    {
        var tools = MediaTools.Locate();
        var result = ToolRun
            .RunAsync(tools.Launcher, tools.FfmpegPath, ["-v", "error", "-nostdin", "-y", .. arguments], 1 << 20, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        Assert.True(result.ExitCode == 0, result.LastWords);
        return arguments[^1];
    }

    /// <summary>A video of 360x560 with the woman, to which filters are applied.</summary>
    internal static string CloseUp(string path, string filters) => Cut(path, "-vf", $"{CloseUpFilter},{filters}");

    private string Video(string name, params string[] arguments) => Cut(_folder.File(name), arguments);

    private static string Cut(string path, params string[] arguments) =>
        Make(["-i", TestMedia.Speaker, .. arguments, "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "12", path]);

    private string Speech(string name, string seconds) =>
        Make("-stream_loop", "-1", "-i", TestMedia.Voice, "-t", seconds, "-ar", "44100", "-ac", "2", _folder.File(name));
}
