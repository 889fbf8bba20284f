using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.GpuBenchmarks;

/// <summary>Times what a device does, on its own clock.</summary>
internal sealed class DeviceClock(IDevice device) : IDisposable
{
    private readonly nint _begin = device.CreateEvent();
    private readonly nint _end = device.CreateEvent();

    /// <summary>The median of several runs in milliseconds, after one that does not count.</summary>
    public double Median(int runs, Action queue)
    {
        queue();
        var times = new double[runs];
        foreach (ref var time in times.AsSpan())
        {
            device.Record(_begin, DeviceStream.Compute);
            queue();
            device.Record(_end, DeviceStream.Compute);
            device.Synchronize(_end);
            time = device.ElapsedMilliseconds(_begin, _end);
        }

        Array.Sort(times);
        return times[runs / 2];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        device.DestroyEvent(_begin);
        device.DestroyEvent(_end);
    }
}
