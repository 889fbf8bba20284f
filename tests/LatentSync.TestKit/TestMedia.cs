using System.Diagnostics;
using System.Globalization;
using LatentSync.Imaging;

namespace LatentSync.TestKit;

/// <summary>
/// Videos to test with, in the folder named by LATENTSYNC_MEDIA, else in <c>shared/media</c> beside the checkout.
/// </summary>
internal static class TestMedia
{
    private static string Folder { get; } =
        Environment.GetEnvironmentVariable("LATENTSYNC_MEDIA") is { Length: > 0 } named ? named : Path.Combine(RepositoryFolder.Path, "..", "shared", "media");

    /// <summary>A woman who speaks to the camera: 1080x1920, 25 fps, 250 frames.</summary>
    public static string Talk1 => Path.Combine(Folder, "talk1.mp4");

    /// <summary>Every <paramref name="step"/>th frame of a video, decoded by ffmpeg.</summary>
    public static IEnumerable<RgbImage> ReadFrames(string path, int width, int height, int step, int count)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            "-v", "error", "-nostdin", "-i", path, "-vf", string.Create(CultureInfo.InvariantCulture, $"select=not(mod(n\\,{step})),scale={width}:{height}"), "-vsync", "0",
            "-frames:v", count.ToString(CultureInfo.InvariantCulture), "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
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
}
