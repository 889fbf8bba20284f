using LatentSync.Media.Ffmpeg;

namespace LatentSync.Tests.Media;

/// <summary>A program that is not there: gives prepared output, then ends, or blocks until it is killed.</summary>
internal sealed class FakeProcess : IChildProcess
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeProcess() => Output = new OutputStream(this);

    public byte[] Answer { get; init; } = [];

    /// <summary>The most bytes one read returns, as pipes do.</summary>
    public int PieceLength { get; init; } = int.MaxValue;

    public int ExitCode { get; init; }

    public string LastWords { get; init; } = "";

    /// <summary>Does not end by itself after its answer.</summary>
    public bool Blocks { get; init; }

    /// <summary>Every write fails, as when the reading end is closed.</summary>
    public bool RefusesInput { get; init; }

    public bool WasKilled => _killed.Task.IsCompleted;

    public bool WasDisposed { get; private set; }

    public MemoryStream Received { get; } = new();

    public Stream Input => RefusesInput ? new BrokenStream() : Received;

    public Stream Output { get; }

    public void Kill() => _killed.TrySetResult();

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        if (Blocks)
        {
            await _killed.Task.WaitAsync(cancellationToken);
        }

        return ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        WasDisposed = true;
        Kill();
        return ValueTask.CompletedTask;
    }

    private sealed class OutputStream(FakeProcess process) : MemoryStream
    {
        private int _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(Math.Min(buffer.Length, process.PieceLength), process.Answer.Length - _position);
            if (length == 0 && process.Blocks)
            {
                // Like a real pipe: only the death of the program ends the read.
                await process._killed.Task;
            }

            process.Answer.AsMemory(_position, length).CopyTo(buffer);
            _position += length;
            return length;
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Broken pipe");
    }
}
