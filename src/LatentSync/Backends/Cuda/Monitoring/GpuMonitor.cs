namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>
/// Watches memory and load during one job: reads them at a fixed interval on a timer thread, keeps the peaks, and warns
/// once per job and level. A driver that stops answering is reported once and does not stop the job.
/// </summary>
internal sealed class GpuMonitor : IDisposable
{
    private const double BytesPerGibibyte = 1L << 30;
    private const double Percent = 100;

    private readonly IGpuProbe _probe;
    private readonly Action<FormattableString> _warn;
    private readonly Action<GpuReading>? _read;
    private readonly WarningLevels _sizes;
    private readonly WarningLevels _fractions;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private GpuPeaks _peaks = GpuPeaks.None;
    private bool _failed;
    private bool _disposed;

    /// <summary>Starts watching; the first reading is taken after one interval, or by <see cref="Describe"/>.</summary>
    /// <param name="probe">What is read. The caller's, and needed until the monitor is disposed.</param>
    /// <param name="options">Interval and levels.</param>
    /// <param name="time">Runs the timer.</param>
    /// <param name="warn">
    /// Gets each warning, one sentence. Called on the timer's thread: it must not throw, nor wait for a thread that uses the
    /// monitor.
    /// </param>
    /// <param name="read">Gets each reading, under the same conditions; null for nobody.</param>
    public GpuMonitor(IGpuProbe probe, GpuMonitorOptions options, TimeProvider time, Action<FormattableString> warn, Action<GpuReading>? read = null)
    {
        (_probe, _warn, _read) = (probe, warn, read);
        _sizes = new WarningLevels(options.WarningGibibytes);
        _fractions = new WarningLevels(options.WarningFractions);
        _timer = time.CreateTimer(_ => Tick(), null, options.Interval, options.Interval);
    }

    /// <summary>The probe for a job: that of its card, or of this process where there is no card or the driver does not answer.</summary>
    /// <param name="pciBusId">The card, as CUDA's cuDeviceGetPCIBusId names it; null for a job on the CPU.</param>
    /// <param name="nvmlPaths">Where NVML may be; see <see cref="NvmlLibrary.DefaultPaths"/>.</param>
    /// <param name="problem">Why the card cannot be watched: a clause without a full stop; else null.</param>
    public static IGpuProbe OpenProbe(string? pciBusId, IReadOnlyList<string> nvmlPaths, out FormattableString? problem)
    {
        problem = null;
        return (pciBusId is null ? null : NvmlProbe.Open(pciBusId, nvmlPaths, out problem)) as IGpuProbe ?? new ProcessMemoryProbe();
    }

    /// <summary>The highest values read so far; they stay after disposal.</summary>
    public GpuPeaks Peaks
    {
        get
        {
            lock (_gate)
            {
                return _peaks;
            }
        }
    }

    /// <summary>Reads now, and returns a line for the log; the reading counts for peaks and warnings.</summary>
    /// <param name="moment">When this is, such as "before inference".</param>
    public FormattableString Describe(FormattableString moment)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Sample() is { } reading ? Line(moment, reading) : $"{_probe.Name} {moment}: not known.";
        }
    }

    /// <summary>Stops watching. No reading is taken and no warning is given once this has returned.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Tick()
    {
        // A driver that hangs must not gather one waiting thread per interval.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_disposed)
            {
                Sample();
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    private GpuReading? Sample()
    {
        GpuReading reading;
        try
        {
            reading = _probe.Read();
        }
        catch (GpuProbeException error)
        {
            if (!_failed)
            {
                _failed = true;
                _warn($"The memory of {_probe.Name} cannot be watched at the moment because {error.Sentence}; the job continues.");
            }

            return null;
        }

        _peaks = _peaks.With(reading);
        _read?.Invoke(reading);
        Warn(reading);
        return reading;
    }

    private void Warn(GpuReading reading)
    {
        var (size, owner) = reading.ProcessBytes is { } own ? (own, (FormattableString)$"this process uses") : (reading.UsedBytes, $"all programs use");
        var budget = new OptionReference(nameof(LipSyncEngineOptions.VramBudget));
        if (_sizes.Reach(size / BytesPerGibibyte) is { } level)
        {
            _warn($"On {_probe.Name} {owner} {Gibibytes(size)} GiB, which reaches the warning level of {level:0.##} GiB; a lower {budget} uses less.");
        }

        if (reading.TotalBytes > 0 && _fractions.Reach((double)reading.UsedBytes / reading.TotalBytes) is { } fraction)
        {
            var percent = fraction * Percent;
            var (used, total) = (Gibibytes(reading.UsedBytes), Gibibytes(reading.TotalBytes));
            _warn($"{_probe.Name} is at least {percent:0.#} % full ({used} of {total} GiB); close other programs that use it, or choose a lower {budget}.");
        }
    }

    private FormattableString Line(FormattableString moment, GpuReading reading)
    {
        var own = reading.ProcessBytes is { } bytes ? (FormattableString)$", this process {Gibibytes(bytes)} GiB" : $"";
        var load = reading.Utilization is { } percent ? (FormattableString)$", {percent} % busy" : $"";
        var heat = reading.Temperature is { } degrees ? (FormattableString)$", {degrees} °C" : $"";
        return $"{_probe.Name} {moment}: {Gibibytes(reading.UsedBytes)} of {Gibibytes(reading.TotalBytes)} GiB used{own}{load}{heat}.";
    }

    private static string Gibibytes(long bytes) => Invariant($"{bytes / BytesPerGibibyte:0.00}");
}
