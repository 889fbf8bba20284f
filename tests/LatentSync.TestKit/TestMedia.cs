using System.Diagnostics;
using System.Globalization;
using LatentSync.Imaging;

namespace LatentSync.TestKit;

/// <summary>
/// Videos to test with. Those of <c>tests/media</c> show rendered heads (training/heads/make_test_films.py) and are always there;
/// one with a real person is added where the folder named by LATENTSYNC_MEDIA, else <c>shared/media</c> beside the checkout, has it.
/// </summary>
internal static class TestMedia
{
    /// <summary>Width of <see cref="Speaker"/>.</summary>
    public const int SpeakerWidth = 540;

    /// <summary>Height of <see cref="Speaker"/>.</summary>
    public const int SpeakerHeight = 840;

    private static readonly string Added = Environment.GetEnvironmentVariable("LATENTSYNC_MEDIA") is { Length: > 0 } named
        ? named
        : Path.Combine(RepositoryFolder.Path, "..", "shared", "media");

    /// <summary>A woman who speaks to the camera: 540x840, 25 fps, 160 frames, no sound.</summary>
    public static string Speaker { get; } = Own("speaker.mp4");

    /// <summary>A bearded man who speaks to the camera: 360x560, 25 fps, 75 frames, no sound.</summary>
    public static string Second { get; } = Own("second.mp4");

    /// <summary>A person who looks at the camera, turns the head by 65 degrees, and back: 360x560, 25 fps, 60 frames, no sound.</summary>
    public static string Turned { get; } = Own("turned.mp4");

    /// <summary>A synthesised voice, 16 kHz, mono, 6 s.</summary>
    public static string Voice { get; } = Path.Combine(RepositoryFolder.Path, "samples", "voice.wav");

    /// <summary>A real woman who speaks to the camera: 1080x1920, 25 fps, 250 frames of HEVC, with sound; null where it is not there.</summary>
    public static string? Talk1 { get; } = Path.Combine(Added, "talk1.mp4") is var path && File.Exists(path) ? Path.GetFullPath(path) : null;

    /// <summary>Every <paramref name="step"/>th frame of a video, decoded by ffmpeg.</summary>
    public static IEnumerable<RgbImage> ReadFrames(string path, int width, int height, int step, int count)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            "-v",
            "error",
            "-nostdin",
            "-i",
            path,
            "-vf",
            string.Create(CultureInfo.InvariantCulture, $"select=not(mod(n\\,{step})),scale={width}:{height}"),
            "-vsync",
            "0",
            "-frames:v",
            count.ToString(CultureInfo.InvariantCulture),
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        for (var i = 0; i < count; i++)
        {
            var frame = new RgbImage(width, height);
            process.StandardOutput.BaseStream.ReadExactly(frame.Pixels);
            yield return frame;
        }

        process.WaitForExit();
    }

    private static string Own(string name) => Path.Combine(RepositoryFolder.Path, "tests", "media", name);
}
