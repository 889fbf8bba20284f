using System.Text;

namespace LatentSync.Media.Ffmpeg;

/// <summary>Draws SVG as PNG with ffmpeg, whose usual builds have librsvg for it.</summary>
internal static class SvgRasterizer
{
    private const int ReadBlock = 64 * 1024;
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>The picture as a PNG file, at the size the SVG states.</summary>
    /// <param name="tools">Where ffmpeg is.</param>
    /// <param name="svg">The drawing; refers to no other file.</param>
    /// <param name="path">The file the picture is for, to be named in errors.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">MissingDependency: this ffmpeg has no librsvg. MediaToolFailed: it failed.</exception>
    public static async Task<byte[]> ToPngAsync(MediaTools tools, string svg, string path, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(svg);
        var run = tools.StartFfmpeg(Arguments(bytes.Length));
        await using (run.ConfigureAwait(false))
        {
            try
            {
                await run.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // ffmpeg ended without reading the drawing; its last words say why.
            }

            // Closes the input, too; the output must be read at the same time, or a full pipe would stop ffmpeg.
            var end = run.WaitAsync(cancellationToken);
            using var png = new MemoryStream();
            var block = new byte[ReadBlock];
            for (int read; (read = await run.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0; )
            {
                png.Write(block, 0, read);
            }

            var exitCode = await end.ConfigureAwait(false);
            return exitCode == 0 && png.GetBuffer().AsSpan(0, (int)png.Length).StartsWith(PngSignature)
                ? png.ToArray()
                : throw Failure(path, exitCode, run.LastWords);
        }
    }

    // The demuxer gives the decoder what it reads at a time, so it is told to read the whole drawing.
    private static string[] Arguments(int length) =>
        [
            "-hide_banner",
            "-v",
            "error",
            "-f",
            "svg_pipe",
            "-frame_size",
            Invariant($"{length}"),
            "-i",
            "pipe:0",
            "-frames:v",
            "1",
            "-f",
            "image2pipe",
            "-c:v",
            "png",
            "pipe:1",
        ];

    private static LipSyncException Failure(string path, int exitCode, string lastWords) =>
        lastWords.Contains("svg", StringComparison.OrdinalIgnoreCase)
            ? new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"This ffmpeg cannot draw \"{path}\" because it was built without librsvg; choose a name that ends in .svg, or install a full build of ffmpeg."
            )
            {
                Path = path,
                Detail = lastWords,
            }
            : MediaToolFailure.Writing(path, exitCode, lastWords);
}
