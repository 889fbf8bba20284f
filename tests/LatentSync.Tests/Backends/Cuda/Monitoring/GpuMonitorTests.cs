using LatentSync.Backends.Cuda.Monitoring;
using LatentSync.FrontEnd.Words;
using LatentSync.Tests.Devices;

namespace LatentSync.Tests.Backends.Cuda.Monitoring;

/// <summary>Readings, peaks and warnings, with a clock moved by hand.</summary>
public sealed class GpuMonitorTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ManualTime _time = new();
    private readonly FakeProbe _probe = new();
    private readonly List<string> _warnings = [];
    private readonly GpuMonitor _monitor;

    public GpuMonitorTests() => _monitor = Watch(new GpuMonitorOptions());

    public void Dispose()
    {
        _monitor.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public void Reading_IsTakenEveryTwoSeconds()
    {
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.Equal(0, _probe.Reads);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, _probe.Reads);
        _time.Advance(3 * Interval);
        Assert.Equal(4, _probe.Reads);
    }

    [Fact]
    public void EachReading_IsTold()
    {
        var told = new List<GpuReading>();
        using var monitor = new GpuMonitor(_probe, new GpuMonitorOptions(), _time, Warn, told.Add);
        _probe.Next = FakeProbe.Card(used: 5, process: 3);
        _time.Advance(Interval);
        _probe.Next = FakeProbe.Card(used: 6, process: 4);
        monitor.Describe($"now");
        _probe.Failure = "it hangs";
        _time.Advance(Interval);
        Assert.Equal([FakeProbe.Card(used: 5, process: 3), FakeProbe.Card(used: 6, process: 4)], told);
    }

    [Fact]
    public void Interval_CanBeSet()
    {
        using var monitor = Watch(new GpuMonitorOptions { Interval = TimeSpan.FromMilliseconds(500) });
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(4, _probe.Reads);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GpuMonitorOptions { Interval = TimeSpan.Zero });
    }

    [Fact]
    public void Peaks_AreKeptEachForItself()
    {
        Assert.Equal(GpuPeaks.None, _monitor.Peaks);
        Take(FakeProbe.Card(used: 5, process: 3, utilization: 90, temperature: 50));
        Take(FakeProbe.Card(used: 4, process: 3.5, utilization: 10, temperature: 61));
        Take(FakeProbe.Card(used: 2, process: null));
        Assert.Equal(new GpuPeaks(FakeProbe.Gibibyte * 7 / 2, 5 * FakeProbe.Gibibyte, 90, 61), _monitor.Peaks);
    }

    [Fact]
    public void ProcessLevels_WarnOnceAtExactlyTheirSize()
    {
        Take(FakeProbe.Card(used: 15, process: 15) with { ProcessBytes = (15 * FakeProbe.Gibibyte) - 1 });
        Assert.Empty(_warnings);
        Take(FakeProbe.Card(used: 15, process: 15));
        Assert.Equal(
            "On Fake card this process uses 15.00 GiB, which reaches the warning level of 15 GiB; a lower --vram uses less.",
            Assert.Single(_warnings)
        );
        Take(FakeProbe.Card(used: 1, process: 1));
        Take(FakeProbe.Card(used: 16, process: 16));
        Assert.Single(_warnings);
        Take(FakeProbe.Card(used: 16, process: 18));
        Assert.Equal(2, _warnings.Count);
        Assert.Contains("level of 18 GiB", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void CardLevels_WarnOnceAtExactlyTheirPart()
    {
        Take(FakeProbe.Card(used: 17, process: 1) with { UsedBytes = (17 * FakeProbe.Gibibyte) - 1 });
        Assert.Empty(_warnings);
        Take(FakeProbe.Card(used: 17, process: 1));
        Take(FakeProbe.Card(used: 18.9, process: 1));
        Assert.StartsWith("Fake card is at least 85 % full (17.00 of 20.00 GiB);", Assert.Single(_warnings), StringComparison.Ordinal);
        Take(FakeProbe.Card(used: 19, process: 1));
        Take(FakeProbe.Card(used: 19, process: 1));
        Assert.Equal(2, _warnings.Count);
        Assert.StartsWith("Fake card is at least 95 % full", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void LevelsReachedAtOnce_AreOneWarning()
    {
        Take(FakeProbe.Card(used: 19.5, process: 19));
        Assert.Equal(2, _warnings.Count);
        Assert.Contains("18 GiB", _warnings[0], StringComparison.Ordinal);
        Assert.Contains("95 %", _warnings[1], StringComparison.Ordinal);
        Take(FakeProbe.Card(used: 17.5, process: 15.5));
        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public void Levels_CanBeSet()
    {
        using var monitor = Watch(new GpuMonitorOptions { WarningGibibytes = [4.5, 2], WarningFractions = [] });
        Take(FakeProbe.Card(used: 19.5, process: 2));
        Take(FakeProbe.Card(used: 19.5, process: 4.5));
        Assert.Equal(2, _warnings.Count);
        Assert.Contains("level of 2 GiB", _warnings[0], StringComparison.Ordinal);
        Assert.Contains("level of 4.5 GiB", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownProcess_IsJudgedByTheCard()
    {
        Take(FakeProbe.Card(used: 15, process: null));
        Assert.StartsWith("On Fake card all programs use 15.00 GiB", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Null(_monitor.Peaks.ProcessBytes);
    }

    [Fact]
    public void Failure_IsReportedOnceAndWatchingGoesOn()
    {
        Take(FakeProbe.Card(used: 2, process: 1));
        _probe.Failure = "NVIDIA's driver has lost the card";
        _time.Advance(3 * Interval);
        Assert.Equal(
            "The memory of Fake card cannot be watched at the moment because NVIDIA's driver has lost the card; the job continues.",
            Assert.Single(_warnings)
        );
        Assert.Equal("Fake card after inference: not known.", Invariant(_monitor.Describe($"after inference")));
        _probe.Failure = null;
        Take(FakeProbe.Card(used: 3, process: 2));
        Assert.Equal(3 * FakeProbe.Gibibyte, _monitor.Peaks.UsedBytes);
        Assert.Single(_warnings);
    }

    [Fact]
    public void Line_HasWhatIsKnown()
    {
        _probe.Next = FakeProbe.Card(used: 2.5, process: 1.25, utilization: 97, temperature: 54);
        Assert.Equal(
            "Fake card before inference: 2.50 of 20.00 GiB used, this process 1.25 GiB, 97 % busy, 54 °C.",
            Invariant(_monitor.Describe($"before inference"))
        );
        _probe.Next = FakeProbe.Card(used: 2, process: null);
        Assert.Equal("Fake card after inference: 2.00 of 20.00 GiB used.", Invariant(_monitor.Describe($"after inference")));
        Assert.Equal(97, _monitor.Peaks.Utilization);
    }

    [Fact]
    public void Nothing_IsReadAfterDisposal()
    {
        Take(FakeProbe.Card(used: 2, process: 1));
        _monitor.Dispose();
        Assert.False(_time.HasTimer);
        _time.Advance(3 * Interval);
        _time.TickLate();
        Assert.Equal(1, _probe.Reads);
        Assert.Throws<ObjectDisposedException>(() => _monitor.Describe($"late"));
        Assert.Equal(2 * FakeProbe.Gibibyte, _monitor.Peaks.UsedBytes);
    }

    [Fact]
    public void WithoutCard_TheWorkingSetIsWatched()
    {
        using var probe = GpuMonitor.OpenProbe(pciBusId: null, [], out var problem);
        Assert.Null(problem);
        Assert.Equal("main memory", probe.Name);
        var reading = probe.Read();
        Assert.InRange(reading.ProcessBytes!.Value, 1 << 20, reading.TotalBytes);
        Assert.Equal(reading.UsedBytes, reading.ProcessBytes);
        Assert.Null(reading.Temperature);
    }

    [Fact]
    public void WithoutNvml_TheWorkingSetIsWatchedAndSaidWhy()
    {
        using var probe = GpuMonitor.OpenProbe("00000000:01:00.0", ["/no such folder/libnvidia-ml.so.1"], out var problem);
        Assert.Equal("main memory", probe.Name);
        Assert.Equal("NVIDIA's management library (libnvidia-ml.so.1) is not installed", Invariant(problem!));
    }

    [Fact]
    public async Task RealTimer_Reads()
    {
        using var monitor = new GpuMonitor(_probe, new GpuMonitorOptions { Interval = TimeSpan.FromMilliseconds(5) }, TimeProvider.System, Warn);
        for (var wait = 0; monitor.Peaks == GpuPeaks.None && wait < 1000; wait++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(FakeProbe.Gibibyte, monitor.Peaks.UsedBytes);
    }

    private GpuMonitor Watch(GpuMonitorOptions options) => new(_probe, options, _time, Warn);

    private void Warn(FormattableString sentence) => _warnings.Add(CommandWords.Say(sentence));

    private void Take(GpuReading reading)
    {
        _probe.Next = reading;
        _time.Advance(Interval);
    }
}
