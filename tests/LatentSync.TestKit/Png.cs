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
        return new RgbImage(width, height, Pixels(path, "rgb24", width * height * RgbImage.Channels));
    }

    /// <summary>A picture and how opaque each of its pixels is, 0 to 255.</summary>
    public static (RgbImage Image, byte[] Opacity) ReadWithOpacity(string path)
    {
        const int channels = RgbImage.Channels + 1;
        var (width, height) = Size(path);
        var pixels = Pixels(path, "rgba", width * height * channels);
        return (
            new RgbImage(width, height, [.. pixels.Where((_, i) => i % channels < RgbImage.Channels)]),
            [.. pixels.Where((_, i) => i % channels == RgbImage.Channels)]
        );
    }

    public static void Write(string path, RgbImage image) => Write(path, "rgb24", image.Width, image.Height, image.Pixels);

    /// <summary>Writes a picture of which only some pixels are there; the others are black and transparent.</summary>
    public static void WriteExcerpt(string path, RgbImage image, bool[] known) =>
        Write(
            path,
            "rgba",
            image.Width,
            image.Height,
            [
                .. known.SelectMany(
                    (isKnown, i) => isKnown ? (byte[])[.. image.Pixels.AsSpan(i * RgbImage.Channels, RgbImage.Channels), byte.MaxValue] : [0, 0, 0, 0]
                ),
            ]
        );

    private static void Write(string path, string format, int width, int height, byte[] pixels)
    {
        using var process = Start(
            "ffmpeg",
            redirectInput: true,
            "-v",
            "error",
            "-y",
            "-f",
            "rawvideo",
            "-pix_fmt",
            format,
            "-s",
            string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
            "-i",
            "-",
            "-update",
            "1",
            "-frames:v",
            "1",
            path
        );
        process.StandardInput.BaseStream.Write(pixels);
        process.StandardInput.Close();
        Finish(process, path);
    }

    private static byte[] Pixels(string path, string format, int bytes)
    {
        using var process = Start("ffmpeg", redirectInput: false, "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", format, "-");
        var pixels = new byte[bytes];
        process.StandardOutput.BaseStream.ReadExactly(pixels);
        Finish(process, path);
        return pixels;
    }

    /// <summary>Columns and rows of a picture or video.</summary>
    public static (int Width, int Height) Size(string path)
    {
        using var process = Start(
            "ffprobe",
            redirectInput: false,
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "stream=width,height",
            "-of",
            "csv=p=0",
            path
        );
        var sizes = process.StandardOutput.ReadToEnd().Trim().Split(',');
        Finish(process, path);
        return (int.Parse(sizes[0], CultureInfo.InvariantCulture), int.Parse(sizes[1], CultureInfo.InvariantCulture));
    }

    private static Process Start(string program, bool redirectInput, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = redirectInput,
        };
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
