using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Backends.Cuda.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>A graph ready to run on a device, for any weights.</summary>
internal sealed class DeviceSession : IDisposable
{
    private static readonly string[] s_noMemory = ["out of memory", "ALLOC_FAILED", "ALLOCATION_FAILED", "failed to allocate"];

    // Less than a library takes for its kernels.
    private const long Scarce = 64L << 20;

    private readonly InferenceSession? _session;
    private readonly List<OrtValue> _fixed = [];

    /// <summary>Opens the session.</summary>
    /// <exception cref="LipSyncException">ONNX Runtime refuses the graph.</exception>
    /// <exception cref="DeviceMemoryException">The device's libraries found no memory for themselves.</exception>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="graph">What runs.</param>
    /// <param name="options">Settings; receives the weights that are tied to a place.</param>
    /// <param name="block">Knows where in their block the weights lie.</param>
    /// <param name="place">The block's place on the device.</param>
    public DeviceSession(DeviceRuntime runtime, DeviceGraph graph, SessionOptions options, WeightBlock? block, nint place)
    {
        (Runtime, Graph) = (runtime, graph);
        if (runtime.IsDry)
        {
            return;
        }

        try
        {
            foreach (var weight in graph.Weights.Where(weight => weight.IsFixed))
            {
                _fixed.Add(
                    DeviceBinding.Value(
                        runtime,
                        place + (nint)block!.OffsetOf(weight),
                        weight.Type,
                        [.. weight.Shape.Select(length => (long)length)],
                        weight.Bytes
                    )
                );
                options.AddInitializer(weight.Input, _fixed[^1]);
            }

            using var bytes = new MemoryStream();
            Google.Protobuf.MessageExtensions.WriteTo(graph.Model, bytes);
            _session = new InferenceSession(bytes.ToArray(), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw Failure($"ONNX Runtime could not prepare {graph.Name}: {error.Message}", error);
        }
    }

    /// <summary>Where it runs.</summary>
    public DeviceRuntime Runtime { get; }

    /// <summary>What it runs.</summary>
    public DeviceGraph Graph { get; }

    /// <summary>Places for inputs, outputs and weights of one use of the graph.</summary>
    public DeviceBinding Bind() => new(this, _session?.CreateIoBinding());

    /// <summary>Queues a run.</summary>
    /// <exception cref="LipSyncException">ONNX Runtime failed.</exception>
    /// <exception cref="DeviceMemoryException">The device's libraries found no memory for themselves.</exception>
    public void Run(OrtIoBinding binding)
    {
        try
        {
            _session!.RunWithBinding(Runtime.RunOptions, binding);
        }
        catch (OnnxRuntimeException error)
        {
            throw Failure($"ONNX Runtime failed in {Graph.Name}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();
        _fixed.ForEach(value => value.Dispose());
    }

    /// <summary>
    /// CUDA and its libraries take memory that is not asked of us. ONNX Runtime passes on what they say in its text only, and
    /// not all of them say that it is missing.
    /// </summary>
    private Exception Failure(FormattableString message, OnnxRuntimeException error) =>
        s_noMemory.Any(words => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) || Runtime.Device.Memory.Free < Scarce
            ? new DeviceMemoryException(0, Invariant(message))
            : new LipSyncException(LipSyncErrorCode.InferenceFailed, message, error);
}
