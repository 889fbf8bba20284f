using System.Diagnostics;

namespace LatentSync.ServerTests.Support;

/// <summary>ffmpeg, and the samples that come with the program.</summary>
internal static class MediaTool
{
    /// <summary>A file of the samples.</summary>
    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);

    /// <summary>Runs ffmpeg.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-v", "error", "-y", .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>A digest and a time for each picture of a video, decoded.</summary>
    public static Task<string> FramesAsync(string path) => RunAsync("-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
}
