using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>Time that each graph takes on the device, by marks in its queue.</summary>
internal sealed class DeviceProfile(IDevice device) : IDisposable
{
    private readonly List<(string Name, nint From, nint To)> _spans = [];
    private readonly Stack<nint> _spare = [];

    /// <summary>Begins a span, which ends on disposal.</summary>
    public Span Begin(string name)
    {
        var mark = Mark();
        device.Record(mark, DeviceStream.Compute);
        return new Span(this, name, mark);
    }

    /// <summary>Waits for the device; returns uses and milliseconds by name since the last call.</summary>
    public IReadOnlyDictionary<string, (int Uses, double Milliseconds)> Take()
    {
        device.Synchronize();
        var times = _spans
            .GroupBy(span => span.Name, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => (group.Count(), group.Sum(span => device.ElapsedMilliseconds(span.From, span.To))),
                StringComparer.Ordinal
            );
        foreach (var (_, from, to) in _spans)
        {
            _spare.Push(from);
            _spare.Push(to);
        }

        _spans.Clear();
        return times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Take();
        while (_spare.TryPop(out var mark))
        {
            device.DestroyEvent(mark);
        }
    }

    private nint Mark() => _spare.TryPop(out var mark) ? mark : device.CreateEvent();

    private void Record(nint mark) => device.Record(mark, DeviceStream.Compute);

    /// <summary>Work between two marks.</summary>
    public sealed class Span(DeviceProfile profile, string name, nint from) : IDisposable
    {
        /// <summary>Sets the second mark.</summary>
        public void Dispose()
        {
            var to = profile.Mark();
            profile.Record(to);
            profile._spans.Add((name, from, to));
        }
    }
}
