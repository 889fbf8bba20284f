using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>Times work on the card's compute queue.</summary>
internal sealed class CardTimer(IDevice device) : IDisposable
{
    private const int Repeats = 3;

    private readonly nint _from = device.CreateEvent();
    private readonly nint _to = device.CreateEvent();

    /// <summary>The shortest of a few runs, in milliseconds, after one that is not counted.</summary>
    public double Best(Action work)
    {
        work();
        var best = double.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            best = Math.Min(best, Once(work));
        }

        return best;
    }

    /// <summary>One run, in milliseconds.</summary>
    public double Once(Action work)
    {
        device.Record(_from, DeviceStream.Compute);
        work();
        device.Record(_to, DeviceStream.Compute);
        device.Synchronize(_to);
        return device.ElapsedMilliseconds(_from, _to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        device.DestroyEvent(_from);
        device.DestroyEvent(_to);
    }
}
