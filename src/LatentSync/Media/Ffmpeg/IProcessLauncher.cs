namespace LatentSync.Media.Ffmpeg;

/// <summary>Starts programs. Tests put a fake here that fails, blocks, or dies in the middle.</summary>
internal interface IProcessLauncher
{
    /// <summary>Starts a program without a shell; each argument arrives as it is.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.MissingDependency"/>: it cannot be started.</exception>
    IChildProcess Start(string program, IReadOnlyList<string> arguments);
}
