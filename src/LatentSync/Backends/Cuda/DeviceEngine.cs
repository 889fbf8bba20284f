using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.Monitoring;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Progress;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda;

/// <summary>
/// A model on an NVIDIA card: chooses the memory plan, watches the memory, and steps down to a smaller plan when the card
/// has too little, with the clip that failed.
/// </summary>
internal sealed class DeviceEngine : IDisposable
{
    private const double BytesPerGibibyte = 1L << 30;

    // What stays free on the card for the desktop and for what CUDA loads later.
    private const long Spare = 256L << 20;

    private readonly DeviceThread _thread = new();
    private readonly DeviceModelParts _parts;
    private readonly Action<FormattableString> _notice;
    private readonly DeviceRuntime _runtime;
    private readonly IGpuProbe _probe;
    private readonly GpuMonitor _monitor;
    private readonly double? _budget;
    private DeviceModel? _model;
    private PlannedMemory? _planned;

    // Arena bytes below the last plan that did not fit.
    private long _limit = long.MaxValue / 2;
    private (int Frames, bool Guided) _loaded;

    /// <summary>Opens a card; the networks are loaded for the first clip, when its size is known.</summary>
    /// <exception cref="LipSyncException">The card cannot be used.</exception>
    public DeviceEngine(DeviceModelParts parts, LipSyncEngineOptions options)
    {
        (_parts, _budget, _notice) = (parts, options.VramBudget, options.Notice ?? (_ => { }));
        try
        {
            _runtime = _thread.Invoke(() =>
                DeviceRuntime.OpenCuda(
                    options.Device.Card ?? 0,
                    new DeviceRuntimeOptions { ProviderPath = CudaLibraries.Find().Load(), Type = options.UsesFloat32 ? DeviceDataType.Float32 : null }
                )
            );
            var device = (CudaDevice)_runtime.Device;
            _probe = GpuMonitor.OpenProbe(device.PciBusId, NvmlLibrary.DefaultPaths, out _);
            _monitor = new GpuMonitor(_probe, MonitorOptions(options), TimeProvider.System, _notice);
            _notice($"Running on {device.Name} in {(_runtime.Type == DeviceDataType.Float16 ? "float16" : "float32")}.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The most memory of the card that was in use by this process while the engine was open, in bytes; null if nobody tells.</summary>
    public long? PeakBytes => _monitor.Peaks.ProcessBytes;

    /// <summary>Says what the card's memory is after a job.</summary>
    public void DescribeEnd() => _notice(_monitor.Describe($"after inference"));

    /// <summary>True if the networks can run on a card here.</summary>
    public static bool IsUsable() => CudaLibraries.Find().Complete;

    /// <summary>What paints the faces of one video; the networks begin to load, so that they are there when the first clip is.</summary>
    public DeviceFaceGenerator CreateGenerator(
        int framesPerClip,
        ClipNoise noise,
        SamplerOptions sampling,
        WorkTimes times,
        CancellationToken cancellationToken
    )
    {
        var longestClip = _parts.UNetConfig.MotionModule?.MaxPositions ?? int.MaxValue;
        var clipLength = Math.Min(framesPerClip, longestClip);
        BeginLoading(sampling, clipLength, cancellationToken);
        return new DeviceFaceGenerator(this, _parts.Resolution, noise, sampling, clipLength, longestClip, times);
    }

    private void BeginLoading(SamplerOptions options, int clipLength, CancellationToken cancellationToken) =>
        _thread.Post(() =>
        {
            try
            {
                Prepare(clipLength, options, cancellationToken);
            }
            catch (Exception)
            {
                // The first clip tries again, and steps down or reports: here nobody could be told.
                Unload();
            }
        });

    /// <summary>Generates a clip; see <see cref="DeviceModel.Generate"/>.</summary>
    /// <exception cref="LipSyncException">The card has too little memory for the smallest plan, or failed.</exception>
    public DeviceTimes Generate(
        IReadOnlyList<RgbImage> faces,
        Tensor audio,
        Tensor noise,
        IReadOnlyList<Memory<float>> generated,
        SamplerOptions options,
        int clipLength,
        Action? stepDone,
        CancellationToken cancellationToken
    ) =>
        _thread.Invoke(() =>
        {
            while (true)
            {
                try
                {
                    Prepare(Math.Max(clipLength, faces.Count), options, cancellationToken);
                    return _model!.Generate(faces, audio, noise, generated, options, stepDone, cancellationToken);
                }
                catch (DeviceMemoryException error)
                {
                    StepDown(error);
                }
            }
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor?.Dispose();
        _probe?.Dispose();

        // Sessions and the provider must be gone before the process ends, and go on the thread that made them.
        _thread.Invoke(() =>
        {
            _model?.Dispose();
            _runtime?.Dispose();
        });
        _thread.Dispose();
    }

    private static GpuMonitorOptions MonitorOptions(LipSyncEngineOptions options)
    {
        var monitor = new GpuMonitorOptions { Interval = options.MonitorInterval };
        return options.MemoryWarnings is { } levels ? monitor with { WarningGibibytes = levels } : monitor;
    }

    /// <summary>Loads the networks, unless they are loaded for clips of this length.</summary>
    private void Prepare(int frames, SamplerOptions options, CancellationToken cancellationToken)
    {
        if (_model is not null && _loaded.Frames >= frames && _loaded.Guided == options.UsesGuidance)
        {
            return;
        }

        Unload();
        _loaded = (frames, options.UsesGuidance);
        var planner = new MemoryPlanner(_parts, _runtime.Options, options, frames);
        var (_, free) = _runtime.Device.Memory;
        var wanted = _budget is { } gibibytes ? (long)(gibibytes * BytesPerGibibyte) : long.MaxValue;

        // A part of what CUDA and its libraries take is taken already, the rest comes with the first clip.
        var there = Math.Min(free + TakenBytes() - Spare, _limit + MemoryBudget.ContextBytes);
        _planned = MemoryBudget.Choose(planner, wanted, there, _runtime.Device.Name);
        _runtime.Arena.Budget = _budget is null ? long.MaxValue : wanted - MemoryBudget.ContextBytes;
        _notice(_monitor.Describe($"before inference"));
        var planned = (_planned.ArenaBytes + MemoryBudget.ContextBytes) / BytesPerGibibyte;
        var allowed = _budget is { } given ? (FormattableString)$" of {given:0.0} GiB" : $"";
        _notice($"Memory plan \"{_planned.Plan.Name}\": about {planned:0.0} GiB{allowed}.");
        _model = new DeviceModel(_runtime, _parts, _planned.Plan);
        try
        {
            _model.Load(frames, options, cancellationToken);
        }
        catch
        {
            // Half loaded, it would be taken for loaded by the next clip or job.
            Unload();
            throw;
        }
    }

    /// <summary>What this program has of the card's memory now; 0 where nobody tells, which leads to a smaller plan.</summary>
    private long TakenBytes()
    {
        try
        {
            return _probe is NvmlProbe ? _probe.Read().ProcessBytes ?? 0 : 0;
        }
        catch (GpuProbeException)
        {
            // The monitor tells that the driver does not answer.
            return 0;
        }
    }

    private void StepDown(DeviceMemoryException error)
    {
        var failed = _planned ?? throw new LipSyncException(LipSyncErrorCode.DeviceUnavailable, $"{error.Message}", error);
        Unload();
        _limit = failed.ArenaBytes - 1;
        _notice($"The memory of {_runtime.Device.Name} ran out with the plan \"{failed.Plan.Name}\"; continuing with a smaller one.");
    }

    private void Unload()
    {
        _model?.Dispose();
        _model = null;
        _ = _runtime.Arena.TakeOverdraft();
        _runtime.Device.Synchronize();
        _runtime.Arena.Trim();
    }
}
