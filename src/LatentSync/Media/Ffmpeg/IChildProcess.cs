namespace LatentSync.Media.Ffmpeg;

/// <summary>A running program with its three pipes. Disposing kills it, with everything it started, if it still runs.</summary>
internal interface IChildProcess : IAsyncDisposable
{
    /// <summary>The program's standard input.</summary>
    Stream Input { get; }

    /// <summary>The program's standard output.</summary>
    Stream Output { get; }

    /// <summary>The last lines the program wrote to standard error; complete once <see cref="WaitForExitAsync"/> has returned.</summary>
    string LastWords { get; }

    /// <summary>Kills the program and everything it started. Never throws, and does nothing when it has ended.</summary>
    void Kill();

    /// <summary>Waits for the end and returns the exit code; above 128 it is 128 + the signal that killed the program.</summary>
    Task<int> WaitForExitAsync(CancellationToken cancellationToken);
}
