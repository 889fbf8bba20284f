namespace LatentSync.Media.Ffmpeg;

/// <summary>
/// One run of ffmpeg or ffprobe. Cancelling any call kills the program at once and ends the run; disposing kills it too.
/// </summary>
internal sealed class ToolRun : IAsyncDisposable
{
    // Ended by a hang-up, by Ctrl-C or by a request to end. A terminal, or a system that shuts down, sends these to every program
    // of a job at once: this one's own may be on its way, and is waited for, lest the job fail instead of being stopped.
    private static readonly int[] s_stopped = [128 + 1, 128 + 2, 128 + 15];
    private static readonly TimeSpan s_ownSignal = TimeSpan.FromSeconds(1);

    // What ffmpeg says when it ends of one of them by itself.
    private const string ReceivedSignal = "received signal";

    private readonly IChildProcess _process;

    private ToolRun(IChildProcess process) => _process = process;

    /// <summary>The last lines on standard error.</summary>
    public string LastWords => _process.LastWords;

    /// <summary>Starts the program.</summary>
    public static ToolRun Start(IProcessLauncher launcher, string program, IReadOnlyList<string> arguments) => new(launcher.Start(program, arguments));

    /// <summary>Runs the program to its end, without input.</summary>
    /// <param name="launcher">Starts it.</param>
    /// <param name="program">The program's path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="outputLimit">The most bytes of standard output that are accepted.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="InvalidDataException">It wrote more than <paramref name="outputLimit"/> bytes.</exception>
    public static async Task<ToolResult> RunAsync(
        IProcessLauncher launcher,
        string program,
        IReadOnlyList<string> arguments,
        int outputLimit,
        CancellationToken cancellationToken
    )
    {
        var run = Start(launcher, program, arguments);
        await using (run.ConfigureAwait(false))
        {
            await run.CloseInputAsync().ConfigureAwait(false);
            var output = new MemoryStream();
            var block = new byte[64 * 1024];
            for (int read; (read = await run.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0; )
            {
                if (output.Length + read > outputLimit)
                {
                    throw new InvalidDataException(Invariant($"{program} wrote more than {outputLimit} bytes."));
                }

                output.Write(block, 0, read);
            }

            var exitCode = await run.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new ToolResult(exitCode, output.ToArray(), run.LastWords);
        }
    }

    /// <summary>Fills the buffer from standard output; fewer bytes mean that the output has ended.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var kill = KillOn(cancellationToken);
        try
        {
            var read = await _process.Output.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return read;
        }
        catch (IOException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Reads what standard output has to give, one byte at least; 0 means that it has ended.</summary>
    public async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var kill = KillOn(cancellationToken);
        try
        {
            var read = await _process.Output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return read;
        }
        catch (IOException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Writes to standard input.</summary>
    /// <exception cref="IOException">The program no longer reads.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using var kill = KillOn(cancellationToken);
        try
        {
            await _process.Input.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (IOException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Closes standard input and waits for the program's end; returns its exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        using var kill = KillOn(cancellationToken);
        await CloseInputAsync().ConfigureAwait(false);
        var exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (cancellationToken.CanBeCanceled && (s_stopped.Contains(exitCode) || LastWords.Contains(ReceivedSignal, StringComparison.Ordinal)))
        {
            await Task.Delay(s_ownSignal, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return exitCode;
    }

    /// <summary>Closes standard input: a program that would read it sees its end instead of waiting.</summary>
    private async ValueTask CloseInputAsync()
    {
        try
        {
            await _process.Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program ended without reading its input; the exit code tells whether that was right.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private CancellationTokenRegistration KillOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static process => ((IChildProcess)process!).Kill(), _process);
}
