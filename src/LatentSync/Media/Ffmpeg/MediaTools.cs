using System.Text;

namespace LatentSync.Media.Ffmpeg;

/// <summary>The two programs that read and write media files, and how to start them.</summary>
/// <param name="FfmpegPath">Full path of ffmpeg.</param>
/// <param name="FfprobePath">Full path of ffprobe.</param>
/// <param name="Launcher">Starts them.</param>
internal sealed record MediaTools(string FfmpegPath, string FfprobePath, IProcessLauncher Launcher)
{
    private const int VersionOutputLimit = 1 << 20;

    /// <summary>The programs of this machine.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.MissingDependency"/> with how to install them.</exception>
    public static MediaTools Locate()
    {
        var locator = new FfmpegLocator(Environment.GetEnvironmentVariable(FfmpegLocator.FolderVariable), Environment.GetEnvironmentVariable("PATH"));
        return new MediaTools(locator.Find("ffmpeg"), locator.Find("ffprobe"), new ProcessLauncher());
    }

    /// <summary>Starts ffmpeg.</summary>
    public ToolRun StartFfmpeg(IReadOnlyList<string> arguments) => ToolRun.Start(Launcher, FfmpegPath, arguments);

    /// <summary>Whether this ffmpeg has an encoder.</summary>
    public Task<bool> HasEncoderAsync(string name, CancellationToken cancellationToken) => ListsAsync("-encoders", name, cancellationToken);

    /// <summary>Whether this ffmpeg has a decoder.</summary>
    public Task<bool> HasDecoderAsync(string name, CancellationToken cancellationToken) => ListsAsync("-decoders", name, cancellationToken);

    /// <summary>Whether this ffmpeg has a filter.</summary>
    public Task<bool> HasFilterAsync(string name, CancellationToken cancellationToken) => ListsAsync("-filters", name, cancellationToken);

    /// <summary>ffmpeg's version as it reports it, such as <c>7.1.2-0+deb13u1</c>.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.MediaToolFailed"/>: the program does not answer as ffmpeg does.</exception>
    public async Task<string> GetVersionAsync(CancellationToken cancellationToken)
    {
        var result = await ToolRun.RunAsync(Launcher, FfmpegPath, ["-version"], VersionOutputLimit, cancellationToken).ConfigureAwait(false);
        var words = Encoding.UTF8.GetString(result.Output).Split(' ', 4);
        return result.ExitCode == 0 && words is ["ffmpeg", "version", var version, ..]
            ? version
            : throw new LipSyncException(LipSyncErrorCode.MediaToolFailed, $"\"{FfmpegPath}\" does not answer as ffmpeg does; install ffmpeg again.")
            {
                Path = FfmpegPath,
                Detail = result.LastWords,
            };
    }

    /// <summary>The same, where ffmpeg must be new enough for a job.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.MissingDependency"/>: it is too old.</exception>
    public async Task<string> RequireVersionAsync(CancellationToken cancellationToken)
    {
        var version = await GetVersionAsync(cancellationToken).ConfigureAwait(false);
        var variable = FfmpegLocator.FolderVariable;
        return FfmpegVersion.IsTooOld(version)
            ? throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"\"{FfmpegPath}\" is ffmpeg {version}, which is too old; install {FfmpegVersion.Oldest} or newer, or set {variable} to the folder of one."
            )
            {
                Path = FfmpegPath,
            }
            : version;
    }

    private async Task<bool> ListsAsync(string list, string name, CancellationToken cancellationToken)
    {
        var result = await ToolRun
            .RunAsync(Launcher, FfmpegPath, ["-hide_banner", "-loglevel", "error", list], VersionOutputLimit, cancellationToken)
            .ConfigureAwait(false);
        return Encoding
            .UTF8.GetString(result.Output)
            .Split('\n')
            .Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var listed, ..] && listed == name);
    }
}
