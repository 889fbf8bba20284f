using System.Runtime.InteropServices;

namespace LatentSync.Cli.Worker;

/// <summary>The sound of a host, which comes in pieces. The reader of the pipe calls <see cref="Accept"/>.</summary>
internal sealed class HostSound(FramesMessage message)
{
    private readonly float[] _samples = new float[message.Samples];
    private readonly TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Whether the host owes sound.</summary>
    public bool IsWaiting => !_arrival.Task.IsCompleted;

    /// <summary>Takes a piece off the pipe.</summary>
    /// <exception cref="ProtocolException">It is more than was announced, or no whole number of samples.</exception>
    public void Accept(int length, MessageReader reader)
    {
        if (length % sizeof(float) != 0 || length / sizeof(float) > _samples.Length - _count)
        {
            throw new ProtocolException(Invariant($"A piece of sound has {length} bytes, but {_samples.Length - _count} samples of 4 bytes are left."));
        }

        reader.Read(MemoryMarshal.AsBytes(_samples.AsSpan(_count, length / sizeof(float))));
        _count += length / sizeof(float);
        if (_count == _samples.Length)
        {
            _arrival.TrySetResult();
        }
    }

    /// <summary>Waits for all of it.</summary>
    public async Task<LipSyncSound> ReadAsync(CancellationToken cancellationToken)
    {
        await _arrival.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new LipSyncSound(_samples, message.SampleRate);
    }
}
