using System.Runtime.InteropServices;

namespace LatentSync.Worker;

/// <summary>The sound of a host, which comes in pieces. The reader of the pipe calls <see cref="Accept"/>.</summary>
internal sealed class HostSound(FramesMessage message)
{
    // What is announced may be a gigabyte, and never come.
    private const int FirstSamples = 1 << 20;

    private float[] _samples = new float[Math.Min(message.Samples, FirstSamples)];
    private readonly TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Whether the host owes sound.</summary>
    public bool IsWaiting => !_arrival.Task.IsCompleted;

    /// <summary>Takes a piece off the pipe.</summary>
    /// <exception cref="ProtocolException">It is more than was announced, or no whole number of samples.</exception>
    public void Accept(int length, MessageReader reader)
    {
        var (samples, missing) = (length / sizeof(float), message.Samples - _count);
        if (length % sizeof(float) != 0 || samples > missing)
        {
            throw new ProtocolException(Invariant($"A piece of sound has {length} bytes, but {missing} samples of 4 bytes are left."));
        }

        if (samples > _samples.Length - _count)
        {
            Array.Resize(ref _samples, (int)Math.Min(message.Samples, Math.Max(2L * _samples.Length, _count + samples)));
        }

        reader.Read(MemoryMarshal.AsBytes(_samples.AsSpan(_count, samples)));
        _count += samples;
        if (_count == message.Samples)
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
