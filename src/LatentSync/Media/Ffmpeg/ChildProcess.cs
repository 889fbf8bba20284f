using System.ComponentModel;
using System.Diagnostics;

namespace LatentSync.Media.Ffmpeg;

/// <summary>A real program. Its standard error is read all the time, so that it never blocks on a full pipe.</summary>
internal sealed class ChildProcess : IChildProcess
{
    private readonly Process _process;
    private readonly OutputTail _tail = new();
    private readonly Task _pump;

    /// <summary>Takes over a process that was just started with all three streams redirected.</summary>
    public ChildProcess(Process process)
    {
        _process = process;
        _pump = PumpErrorsAsync();
    }

    /// <inheritdoc/>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <inheritdoc/>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <inheritdoc/>
    public string LastWords => _tail.ToString();

    /// <summary>The operating system's number for the process.</summary>
    public int Id => _process.Id;

    /// <inheritdoc/>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in the meantime, which is all that was wanted.
        }
    }

    /// <inheritdoc/>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await _pump.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        await CloseInputAsync().ConfigureAwait(false);
        await Output.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task CloseInputAsync()
    {
        try
        {
            await Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The reading end is gone with the process; nothing is left to flush to.
        }
    }

    private async Task PumpErrorsAsync()
    {
        var buffer = new char[1024];
        try
        {
            for (int read; (read = await _process.StandardError.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0; )
            {
                _tail.Append(buffer.AsSpan(0, read));
            }
        }
        catch (IOException)
        {
            // A killed process may tear its pipe; what was read so far is kept.
        }
    }
}
