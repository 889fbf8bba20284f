using System.Diagnostics;
using System.Diagnostics.Metrics;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Telemetry;

/// <summary>What operators watch, for OpenTelemetry.</summary>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>Name of the meter and of the source of traces.</summary>
    public const string Name = "latentsync.server";

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _traces = new(Name);
    private readonly Counter<long> _submitted;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _frames;
    private readonly Counter<double> _seconds;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _work;
    private long _peakDeviceBytes;

    public ServerMetrics()
    {
        _submitted = _meter.CreateCounter<long>("latentsync.jobs.submitted", "{job}", "Jobs accepted, by interface.");
        _ended = _meter.CreateCounter<long>("latentsync.jobs.ended", "{job}", "Jobs ended, by state.");
        _frames = _meter.CreateCounter<long>("latentsync.frames", "{frame}", "Frames generated.");
        _seconds = _meter.CreateCounter<double>("latentsync.generating", "s", "Time spent generating them.");
        _failures = _meter.CreateCounter<long>("latentsync.work.failures", "{failure}", "Pieces of work that failed, by kind of error.");
        _work = _meter.CreateHistogram<double>("latentsync.work.duration", "s", "How long pieces of work take, by kind.");
        _meter.CreateObservableGauge("latentsync.device.peak", () => Interlocked.Read(ref _peakDeviceBytes), "By", "The most memory a job has used of a card.");
    }

    /// <summary>A gauge that is read when somebody asks.</summary>
    public void Observe<T>(string name, string unit, string description, Func<IEnumerable<Measurement<T>>> read)
        where T : struct => _meter.CreateObservableGauge(name, read, unit, description);

    public void Submitted(string dialect) => _submitted.Add(1, Tag("interface", dialect));

    public void Ended(JobState state) => _ended.Add(1, Tag("state", Names.Of(state)));

    public void Failed(string kind) => _failures.Add(1, Tag("error", kind));

    /// <summary>A segment was made.</summary>
    public void Generated(int frames, double seconds, long peakDeviceBytes)
    {
        _frames.Add(frames);
        _seconds.Add(seconds);
        Interlocked.Exchange(ref _peakDeviceBytes, Math.Max(peakDeviceBytes, Interlocked.Read(ref _peakDeviceBytes)));
    }

    /// <summary>Measures and traces a piece of work until it is disposed.</summary>
    public IDisposable Work(WorkKind kind) => new Measured(this, kind);

    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private sealed class Measured(ServerMetrics metrics, WorkKind kind) : IDisposable
    {
        private readonly Activity? _activity = metrics._traces.StartActivity(Names.Of(kind));
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            metrics._work.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, Tag("kind", Names.Of(kind)));
            _activity?.Dispose();
        }
    }
}
