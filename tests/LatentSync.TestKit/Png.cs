using System.Diagnostics;
using System.Globalization;
using LatentSync.Imaging;

namespace LatentSync.TestKit;

/// <summary>Pictures as RGB, through the ffmpeg on the path.</summary>
internal static class Png
{
    public static RgbImage Read(string path)
    {
        var (width, height) = Size(path);
        return new RgbImage(width, height, Pixels(path, width * height * RgbImage.Channels));
    }

    public static void Write(string path, RgbImage image)
    {
        using var process = Start("ffmpeg", redirectInput: true, "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", string.Create(CultureInfo.InvariantCulture, $"{image.Width}x{image.Height}"), "-i", "-", "-update", "1", "-frames:v", "1", path);
        process.StandardInput.BaseStream.Write(image.Pixels);
        process.StandardInput.Close();
        Finish(process, path);
    }

    private static byte[] Pixels(string path, int bytes)
    {
        using var process = Start("ffmpeg", redirectInput: false, "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-");
        var pixels = new byte[bytes];
        process.StandardOutput.BaseStream.ReadExactly(pixels);
        Finish(process, path);
        return pixels;
    }

    private static (int Width, int Height) Size(string path)
    {
        using var process = Start("ffprobe", redirectInput: false, "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", path);
        var sizes = process.StandardOutput.ReadToEnd().Trim().Split(',');
        Finish(process, path);
        return (int.Parse(sizes[0], CultureInfo.InvariantCulture), int.Parse(sizes[1], CultureInfo.InvariantCulture));
    }

    private static Process Start(string program, bool redirectInput, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = redirectInput };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static void Finish(Process process, string path)
    {
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidDataException($"{process.StartInfo.FileName} failed on {path}.");
        }
    }
}
