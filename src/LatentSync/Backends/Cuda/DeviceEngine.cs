using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.Monitoring;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Diffusion;
using LatentSync.Files;
using LatentSync.Imaging;
using LatentSync.Ownership;
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
    private readonly OwnedResources _owned = new();
    private readonly CudaDevice _device;
    private readonly CudaPlayer _player;
    private readonly IGpuProbe _probe;
    private readonly GpuMonitor _monitor;
    private readonly double? _budget;
    private DeviceModel? _model;
    private PlannedMemory? _planned;

    // Arena bytes below the last plan that did not fit.
    private long _limit = long.MaxValue / 2;

    /// <summary>Opens a card; the networks are loaded for the first clip, when its size is known.</summary>
    /// <exception cref="LipSyncException">The card cannot be used.</exception>
    public DeviceEngine(DeviceModelParts parts, LipSyncEngineOptions options)
    {
        (_parts, _budget, _notice) = (parts, options.VramBudget, options.Notice ?? (_ => { }));
        try
        {
            Precision = options.Precision;
            (_device, _player) = _thread.Invoke(() => Open(parts, options.Device.Card ?? 0, Precision.DataType()));
            _probe = GpuMonitor.OpenProbe(_device.PciBusId, NvmlLibrary.DefaultPaths, out _);
            _monitor = new GpuMonitor(_probe, MonitorOptions(options), TimeProvider.System, _notice, Teller(_probe, options.MemoryRead));
            _notice($"Running on {_device.Name} in {Precision.Name()}.");
        }
        catch (DeviceMemoryException error)
        {
            Dispose();
            throw TooLittleToStart(error);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The numbers in which the networks compute.</summary>
    public DevicePrecision Precision { get; }

    /// <summary>The most memory of the card that was in use by this process while the engine was open, in bytes; null if nobody tells.</summary>
    public long? PeakBytes => _monitor.Peaks.ProcessBytes;

    /// <summary>Says what the card's memory is after a job.</summary>
    public void DescribeEnd() => _notice(_monitor.Describe($"after inference"));

    /// <summary>True if the networks can run on a card here.</summary>
    public static bool IsUsable() => DriverLibrary.Find().Path is not null && CudaLibraries.Find().IsComplete;

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

        // CUDA's context belongs to the thread that made it.
        _thread.Invoke(_owned.Dispose);
        _thread.Dispose();
    }

    /// <summary>Says that a card has too little memory for anything at all.</summary>
    public static LipSyncException TooLittleToStart(DeviceMemoryException error)
    {
        var reason = error.Message.TrimEnd('.');
        return new LipSyncException(
            LipSyncErrorCode.DeviceUnavailable,
            $"The GPU has too little memory to start ({reason}); close other programs on it, or run with {OptionReference.Cpu}.",
            error
        );
    }

    /// <summary>Makes a card ready for a model's lists.</summary>
    /// <param name="device">The card.</param>
    /// <param name="parts">The networks.</param>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <param name="usesHopper">Whether kernels that only compute capability 9.0 has may be used.</param>
    /// <exception cref="LipSyncException">A library is missing or too old for the card, or the card too old for the type.</exception>
    public static CudaPlayer OpenPlayer(CudaDevice device, DeviceModelParts parts, DeviceDataType type, bool usesHopper = true)
    {
        var weights = new ModelWeights(parts.UNetWeights, parts.VaeWeights);
        var cache = Path.Combine(UserFolder.Find(Environment.GetEnvironmentVariable), "cuda-cache");
        return new CudaPlayer(device, weights, type, usesHopper, cache);
    }

    private (CudaDevice Device, CudaPlayer Player) Open(DeviceModelParts parts, int card, DeviceDataType type)
    {
        var device = _owned.Add(new CudaDevice(card));
        return (device, _owned.Add(OpenPlayer(device, parts, type)));
    }

    private static GpuMonitorOptions MonitorOptions(LipSyncEngineOptions options)
    {
        var monitor = new GpuMonitorOptions { Interval = options.MonitorInterval };
        return options.MemoryWarnings is { } levels ? monitor with { WarningGibibytes = levels } : monitor;
    }

    /// <summary>Tells readings of a card; main memory, which is read where the driver does not answer, is none.</summary>
    private static Action<GpuReading>? Teller(IGpuProbe probe, Action<LipSyncMemory>? told) =>
        told is null || probe is not NvmlProbe
            ? null
            : reading =>
                told(
                    new LipSyncMemory(
                        probe.Name,
                        reading.TotalBytes,
                        reading.UsedBytes,
                        reading.FreeBytes,
                        reading.ProcessBytes,
                        reading.Utilization,
                        reading.Temperature
                    )
                );

    /// <summary>Loads the networks, unless they are loaded for clips of this length.</summary>
    private void Prepare(int frames, SamplerOptions options, CancellationToken cancellationToken)
    {
        if (_model is not null && _planned!.Layout.Shape.HasRoomFor(frames, options))
        {
            return;
        }

        Unload();
        var planner = new MemoryPlanner(_parts, _player.Traits, options, frames);
        var (_, free) = _device.Memory;
        var wanted = _budget is { } gibibytes ? (long)(gibibytes * BytesPerGibibyte) : long.MaxValue;

        // A part of what CUDA and its libraries take is taken already, the rest comes with the first clip.
        var there = Math.Min(free + TakenBytes() - Spare, _limit + MemoryBudget.ContextBytes);
        _planned = MemoryBudget.Choose(planner, wanted, there, _device.Name);
        _player.Card.Arena.Budget = _budget is null ? long.MaxValue : wanted - MemoryBudget.ContextBytes;
        _notice(_monitor.Describe($"before inference"));
        var planned = (_planned.ArenaBytes + MemoryBudget.ContextBytes) / BytesPerGibibyte;
        var allowed = _budget is { } given ? (FormattableString)$" of {given:0.0} GiB" : $"";
        _notice($"Memory plan \"{_planned.Plan.Name}\": about {planned:0.0} GiB{allowed}.");
        _model = new DeviceModel(_player, _planned.Layout, cancellationToken);
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
        _notice($"The memory of {_device.Name} ran out with the plan \"{failed.Plan.Name}\"; continuing with a smaller one.");
    }

    private void Unload()
    {
        _model?.Dispose();
        _model = null;
    }
}
