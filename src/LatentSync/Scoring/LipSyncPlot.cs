using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Write;
using LatentSync.Scoring;

namespace LatentSync;

/// <summary>Draws a score over time into a picture: SVG, or PNG where ffmpeg has librsvg.</summary>
public static class LipSyncPlot
{
    private const string EmptyDrawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";

    /// <summary>Refuses what can be seen to fail before anything is measured; writes nothing.</summary>
    /// <param name="path">The picture, .svg or .png.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="LipSyncException">The name ends otherwise, the folder does not exist, or this ffmpeg cannot draw PNG.</exception>
    public static async Task CheckAsync(string path, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"The plot \"{path}\" cannot be written because its folder does not exist; create the folder first."
            )
            {
                Path = path,
            };
        }

        await EncodeAsync(path, EmptyDrawing, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the picture; a file of that name is replaced.</summary>
    /// <param name="path">The picture, .svg or .png.</param>
    /// <param name="score">What to draw.</param>
    /// <param name="title">Stands above it, such as the name of the video.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="LipSyncException">As <see cref="CheckAsync"/>, or the file cannot be written.</exception>
    public static async Task WriteAsync(string path, LipSyncScore score, string title, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(score);
        var picture = await EncodeAsync(path, ScoreDrawing.Draw(score, title), cancellationToken).ConfigureAwait(false);
        try
        {
            using var file = OutputFile.Create(path, overwrite: true, inputPaths: []);
            var partial = file.CreatePartial();
            await File.WriteAllBytesAsync(partial, picture, cancellationToken).ConfigureAwait(false);
            file.Commit(partial);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"The plot \"{path}\" cannot be written ({error.Message.TrimEnd('.')}); choose another place.",
                error
            )
            {
                Path = path,
            };
        }
    }

    private static async Task<byte[]> EncodeAsync(string path, string svg, CancellationToken cancellationToken) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SVG" => Encoding.UTF8.GetBytes(svg),
            ".PNG" => await SvgRasterizer.ToPngAsync(MediaTools.Locate(), svg, path, cancellationToken).ConfigureAwait(false),
            _ => throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"The plot \"{path}\" must be named .svg or .png; choose another name.")
            {
                Path = path,
            },
        };
}
