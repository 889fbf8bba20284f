using LatentSync.Media.Formats;

namespace LatentSync.Media.Probe;

/// <summary>Checks an input file before ffmpeg sees it, and names it so that ffmpeg reads it as a file and as nothing else.</summary>
internal static class MediaInput
{
    /// <summary>
    /// Containers that may be opened. Playlists (HLS, DASH, concat), image patterns and devices are not among them: they
    /// would let a file name other files to read.
    /// </summary>
    private const string Formats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,nut,ivf,dv,gif,apng,h264,hevc,m4v,"
        + "wav,w64,rf64,aiff,au,caf,mp3,aac,flac,ac3,eac3,dts,truehd,amr,amrnb,amrwb,ape,wv,tta";

    /// <summary>ffmpeg's and ffprobe's options for one input file, which <see cref="Validate"/> has accepted, without its <c>-i</c>.</summary>
    public static IReadOnlyList<string> Restrictions { get; } = ["-protocol_whitelist", "file", "-format_whitelist", Formats];

    /// <summary>The file as an ffmpeg URL: with its protocol, nothing in the path is read as an option or another protocol.</summary>
    public static string Url(string fullPath) => "file:" + fullPath;

    /// <summary>ffmpeg's options for one input file, with its time 0 as <see cref="MediaClock"/> has it, and with its <c>-i</c>.</summary>
    /// <param name="file">The file; what <see cref="MediaProbe"/> said of it.</param>
    /// <param name="limit">How much of it is read; null for all.</param>
    public static IReadOnlyList<string> Of(MediaInfo file, TimeSpan? limit = null) =>
        [
            .. LinkList.Of(file) is null ? Restrictions : LinkList.Restrictions,
            .. MediaClock.Input(file.StartTime),
            .. limit is { } duration ? (string[])["-t", duration.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture)] : [],
            "-i",
            LinkList.Of(file) ?? Url(Path.GetFullPath(file.Path)),
        ];

    /// <summary>Returns the full path of an ordinary file that exists, is not empty, and may be read.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidInput"/>, saying what is wrong.</exception>
    public static string Validate(string path)
    {
        if (UserFile.Mistake(path) is { } mistake)
        {
            throw Invalid(path, mistake);
        }

        var fullPath = Path.GetFullPath(path);
        try
        {
            using var handle = File.OpenHandle(fullPath, share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Invalid(fullPath, $"\"{path}\" may not be read by this user; change its permissions.", exception);
        }
        catch (IOException exception)
        {
            throw Invalid(fullPath, $"\"{path}\" cannot be opened; check the disk and that no other program locks the file.", exception);
        }

        return fullPath;
    }

    private static LipSyncException Invalid(string path, FormattableString message, Exception? cause = null) =>
        new(LipSyncErrorCode.InvalidInput, message, cause) { Path = path };
}
