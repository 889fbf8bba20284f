using LatentSync.Media.Ffmpeg;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Starts real programs and remembers the last one, so that a test can kill it.</summary>
internal sealed class RecordingLauncher : IProcessLauncher
{
    private readonly ProcessLauncher _launcher = new();

    public IChildProcess Last { get; private set; } = null!;

    public IChildProcess Start(string program, IReadOnlyList<string> arguments) => Last = _launcher.Start(program, arguments);
}
