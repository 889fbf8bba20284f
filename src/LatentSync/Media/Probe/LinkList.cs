using System.Text;

namespace LatentSync.Media.Probe;

/// <summary>A list by which ffmpeg reads the recordings of one chained file one after the other, each with its own header.</summary>
internal static class LinkList
{
    // Windows takes no more in a whole command line than 32,767 letters.
    private const int LongestUrl = 24_000;

    /// <summary>ffmpeg's options of such a list: it can name nothing but parts of Ogg files, and is made here.</summary>
    public static IReadOnlyList<string> Restrictions { get; } =
    ["-protocol_whitelist", "file,subfile,data", "-format_whitelist", "concat,ogg", "-f", "concat", "-safe", "0"];

    /// <summary>The list as a URL; null if the file is no chain, or too long a one.</summary>
    public static string? Of(MediaInfo file)
    {
        var path = Path.GetFullPath(file.Path);
        if (file.LinkOffsets.Count == 0 || path.Any(char.IsControl))
        {
            return null;
        }

        var quoted = MediaInput.Url(path).Replace("'", @"'\''", StringComparison.Ordinal);
        var lines = file.LinkOffsets.Zip(file.LinkOffsets.Skip(1), (start, end) => Invariant($"file 'subfile,,start,{start},end,{end},,:{quoted}'\n"));
        var url = "data:text/plain;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes("ffconcat version 1.0\n" + string.Concat(lines)));
        return url.Length <= LongestUrl ? url : null;
    }
}
