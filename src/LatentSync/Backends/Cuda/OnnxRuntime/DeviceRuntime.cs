using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Ownership;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>
/// A device, an arena of its memory, and ONNX Runtime set up to run graphs on it: in one queue, in our memory, without
/// waiting at the end of a run. One at a time in a process, and one thread only, since CUDA's handles belong to threads.
/// </summary>
internal sealed class DeviceRuntime : IDisposable
{
    private const string CudaProvider = "CUDAExecutionProvider";

    // Addresses cost nothing: more than any card has, with room for fragments.
    private const long CudaRange = 256L << 30;
    private const long CudaChunk = 32L << 20;
    private const long HostRange = 1L << 30;
    private const long HostChunk = 1L << 20;

    // cuDNN's attention, the fastest for long sequences, makes a plan for each call that has a bias.
    private const int MemoryEfficientAttention = 2;

    // CUDA 13 has no code for older cards; all newer ones compute faster in float16.
    private static readonly (int Major, int Minor) s_oldest = (7, 5);

    private readonly OwnedResources _owned = new();
    private OrtEpDevice? _card;

    private DeviceRuntime(IDevice device, DeviceRuntimeOptions options)
    {
        Device = _owned.Add(device);
        Options = options;
        try
        {
            var isCuda = device is CudaDevice;
            MemoryInfo = _owned.Add(
                isCuda
                    ? new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, ((CudaDevice)device).Index, OrtMemType.Default)
                    : new OrtMemoryInfo("Cpu", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default)
            );
            Arena = _owned.Add(new DeviceArena(device, device is HostDevice ? HostRange : CudaRange, device is HostDevice ? HostChunk : CudaChunk));
            if (!IsDry)
            {
                _owned.Add(new ArenaAllocator(OrtEnv.Instance(), MemoryInfo, Arena));
            }

            RunOptions = _owned.Add(new RunOptions());
            if (isCuda)
            {
                UseCuda((CudaDevice)device);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The device.</summary>
    public IDevice Device { get; }

    /// <summary>True if nothing runs and memory is only counted.</summary>
    public bool IsDry => Device is DryDevice;

    /// <summary>Measures the time of each graph, if it is set.</summary>
    public DeviceProfile? Profile { get; set; }

    /// <summary>Floating-point operations of what would have run, where nothing does.</summary>
    public long Operations { get; private set; }

    /// <summary>How it was set up.</summary>
    public DeviceRuntimeOptions Options { get; }

    /// <summary>Its memory.</summary>
    public DeviceArena Arena { get; }

    /// <summary>Where the arena's memory lies, in ONNX Runtime's words.</summary>
    public OrtMemoryInfo MemoryInfo { get; }

    /// <summary>Settings of every run.</summary>
    public RunOptions RunOptions { get; }

    /// <summary>Opens a card.</summary>
    /// <param name="index">Its number among the cards CUDA shows.</param>
    /// <param name="options">How networks run on it.</param>
    /// <exception cref="LipSyncException">A part is missing, or the card cannot be used.</exception>
    public static DeviceRuntime OpenCuda(int index, DeviceRuntimeOptions options)
    {
        CublasWorkspace.Shrink();
        var device = new CudaDevice(index);
        if (device.ComputeCapability.CompareTo(s_oldest) < 0)
        {
            var (major, minor) = device.ComputeCapability;
            var name = device.Name;
            device.Dispose();
            throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"{name} has compute capability {major}.{minor}, but CUDA 13 needs {s_oldest.Major}.{s_oldest.Minor} or newer; run with {OptionReference.Cpu}."
            );
        }

        var type = options.Type ?? DeviceDataType.Float16;
        return new DeviceRuntime(device, options with { Type = type, UsesFusedOperators = true });
    }

    /// <summary>The computer's own memory and ONNX Runtime's CPU kernels: for checking what a device would do.</summary>
    /// <param name="capacity">Bytes the device is to have.</param>
    public static DeviceRuntime OpenHost(long capacity) =>
        new(new HostDevice(capacity), new DeviceRuntimeOptions { Type = DeviceDataType.Float32, UsesFusedOperators = false });

    /// <summary>Nothing but an account of the memory that another runtime would need.</summary>
    public static DeviceRuntime OpenDry(DeviceRuntimeOptions options) => new(new DryDevice("a dry run"), options);

    /// <summary>Type of weights and values.</summary>
    public DeviceDataType Type => Options.Type!.Value;

    /// <summary>Counts work that would be done.</summary>
    public void NoteOperations(long operations) => Operations += operations;

    /// <summary>A dialect to write a graph with.</summary>
    public CudaDialect NewDialect(DeviceGraphWriter writer) => new(writer, Type, Options.UsesFusedOperators);

    /// <summary>Opens a session.</summary>
    /// <param name="graph">What it runs.</param>
    /// <param name="block">The weights that it is tied to; null if it has none.</param>
    /// <param name="place">Their place on the device.</param>
    public DeviceSession Open(DeviceGraph graph, WeightBlock? block, nint place)
    {
        using var options = NewSessionOptions(graph.HasShortAttention || Type == DeviceDataType.Float32 ? MemoryEfficientAttention : Options.AttentionKernels);
        return new DeviceSession(this, graph, options, block, place);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private void UseCuda(CudaDevice device)
    {
        var environment = OrtEnv.Instance();
        _owned.Add(new ProviderLibrary(environment, CudaProvider, Options.ProviderPath!));
        _card = environment.GetEpDevices().Where(found => found.EpName == CudaProvider).ElementAtOrDefault(device.Index)
            ?? throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"ONNX Runtime's CUDA provider does not show cuda:{device.Index}; run \"latentsync doctor\"."
            );
        RunOptions.AddRunConfigEntry("disable_synchronize_execution_providers", "1");
    }

    private SessionOptions NewSessionOptions(int attentionKernels)
    {
        var options = new SessionOptions
        {
            // Errors come as exceptions, and those for want of memory are dealt with.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            EnableMemoryPattern = false,
            IntraOpNumThreads = _card is null ? Environment.ProcessorCount : 1,
        };
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Environment.ProcessPath)!);
        if (_card is not null)
        {
            options.AppendExecutionProvider(
                OrtEnv.Instance(),
                [_card],
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    // One queue for everything, so that a freed buffer is safe for its next user.
                    ["has_user_compute_stream"] = "1",
                    ["user_compute_stream"] = ((CudaDevice)Device).ComputeStream.ToString(CultureInfo.InvariantCulture),
                    ["cudnn_conv_algo_search"] = Options.ConvolutionSearch,
                    ["cudnn_conv_use_max_workspace"] = Options.UsesLargeWorkspaces ? "1" : "0",

                    // Without it ONNX Runtime takes no tensor cores for a convolution, also where the numbers are float16.
                    ["use_tf32"] = Type == DeviceDataType.Float16 || Options.UsesTensorFloat32 ? "1" : "0",
                    ["sdpa_kernel"] = attentionKernels.ToString(CultureInfo.InvariantCulture),
                }
            );
        }

        return options;
    }

    /// <summary>A provider's library in the environment; it must be taken out again before the process ends, or that aborts.</summary>
    private sealed class ProviderLibrary : IDisposable
    {
        private readonly OrtEnv _environment;
        private readonly string _name;

        public ProviderLibrary(OrtEnv environment, string name, string path)
        {
            (_environment, _name) = (environment, name);
            environment.RegisterExecutionProviderLibrary(name, path);
        }

        public void Dispose() => _environment.UnregisterExecutionProviderLibrary(_name);
    }
}
