using LatentSync.Media.Ffmpeg;

namespace LatentSync.Tests.Media;

/// <summary>Hands out prepared processes in order and records what was asked for.</summary>
internal sealed class FakeLauncher(params FakeProcess[] processes) : IProcessLauncher
{
    private readonly Queue<FakeProcess> _processes = new(processes);

    public List<IReadOnlyList<string>> Calls { get; } = [];

    public MediaTools Tools => new("/bin/ffmpeg", "/bin/ffprobe", this);

    public IChildProcess Start(string program, IReadOnlyList<string> arguments)
    {
        Calls.Add([program, .. arguments]);
        return _processes.Dequeue();
    }
}
