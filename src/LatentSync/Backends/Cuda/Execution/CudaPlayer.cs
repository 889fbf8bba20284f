using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Kernels;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Ownership;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>Plays launch lists on a card, all in one queue. Lists share scratch memory, weights and named buffers.</summary>
internal sealed class CudaPlayer : IDisposable
{
    private const long LibraryWorkspace = 64L << 20;

    private readonly OwnedResources _owned = new();
    private readonly Dictionary<string, DeviceBuffer> _named = new(StringComparer.Ordinal);
    private readonly CudaKernels _kernels;
    private readonly DeviceDataType _type;
    private readonly ProductPlans _products;
    private readonly CudnnPlans _networks;
    private DeviceBuffer? _scratch;

    /// <summary>Makes a card ready.</summary>
    /// <param name="device">The card.</param>
    /// <param name="reader">Where weights come from.</param>
    /// <param name="type">Type of the lists.</param>
    /// <param name="find">Where CUDA's libraries lie, by file name; usually <see cref="CudaSearch.FindToolkit"/>.</param>
    /// <param name="cacheFolder">Where compiled kernels and plans are kept.</param>
    /// <exception cref="LipSyncException">A library is missing, or too old for the card.</exception>
    public CudaPlayer(CudaDevice device, IWeightReader reader, DeviceDataType type, Func<string, string?> find, string cacheFolder)
    {
        _type = type;
        try
        {
            var driver = new KernelDriver();
            Toolkit = CudaToolkit.Load(driver.Version, find);
            var plans = Path.Combine(
                cacheFolder,
                Invariant($"plans-{Safe(device.Name)}-{driver.Version}-{Toolkit.CublasLt.Version}-{Toolkit.Cudnn.Version}.json")
            );
            Card = _owned.Add(new CardContext(device, new PlanStore(plans), LibraryWorkspace));
            Compiler = new KernelCompiler(Toolkit.Nvrtc, device.ComputeCapability, cacheFolder);
            _kernels = _owned.Add(new CudaKernels(driver, Compiler, type, device.ComputeStream));
            _products = _owned.Add(new ProductPlans(Toolkit.CublasLt, Card));
            _networks = _owned.Add(new CudnnPlans(Toolkit.Cudnn, Card));
            Weights = _owned.Add(new CudaWeights(Card, reader));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>CUDA's libraries.</summary>
    public CudaToolkit Toolkit { get; }

    /// <summary>The card.</summary>
    public CardContext Card { get; }

    /// <summary>What compiled the kernels.</summary>
    public KernelCompiler Compiler { get; }

    /// <summary>The weights.</summary>
    public CudaWeights Weights { get; }

    /// <summary>Bytes of scratch memory for lists.</summary>
    public long ScratchBytes => _scratch?.Bytes ?? 0;

    /// <summary>Binds lists to memory, and loads their weights. Lists from earlier calls must not be played any more.</summary>
    public IReadOnlyList<PreparedList> Prepare(IReadOnlyList<LaunchList> lists, CancellationToken cancellationToken)
    {
        var layouts = lists.Select(list => new ScratchLayout(list)).ToList();
        _scratch?.Dispose();
        _scratch = _owned.Add(new DeviceBuffer(Card.Arena, Math.Max(1, layouts.Max(layout => layout.Bytes))));
        var prepared = new List<PreparedList>();
        foreach (var (list, layout) in lists.Zip(layouts))
        {
            Weights.Load(list, cancellationToken);
            var launcher = new KernelLauncher(_kernels, Card.Device.ComputeCapability, _type, Pointer);
            var steps = new List<Action>();
            foreach (var operation in list.Operations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                steps.Add(Bind(operation, launcher, Pointer));
            }

            nint Pointer(LaunchBuffer buffer) => PointerOf(buffer, layout);

            prepared.Add(new PreparedList(list, steps));
        }

        Card.Plans.Save();
        return prepared;
    }

    /// <summary>Fills a named buffer, and waits.</summary>
    public void Write(string name, ReadOnlySpan<float> values)
    {
        using var staging = new PinnedBuffer(Card.Device, values.Length * sizeof(float));
        MemoryMarshal.AsBytes(values).CopyTo(staging.Span<byte>(0, values.Length * sizeof(float)));
        Card.Device.Copy(
            Named(name, values.Length * sizeof(float)),
            staging.Pointer,
            values.Length * sizeof(float),
            CopyDirection.ToDevice,
            DeviceStream.Compute
        );
        Card.Device.Synchronize();
    }

    /// <summary>The first numbers of a named buffer, when all that is queued is done.</summary>
    public float[] Read(string name, int count)
    {
        using var staging = new PinnedBuffer(Card.Device, (long)count * sizeof(float));
        Card.Device.Copy(staging.Pointer, Named(name, (long)count * sizeof(float)), (long)count * sizeof(float), CopyDirection.ToHost, DeviceStream.Compute);
        Card.Device.Synchronize();
        return MemoryMarshal.Cast<byte, float>(staging.Span<byte>(0, count * sizeof(float))).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _named.Values)
        {
            buffer.Dispose();
        }

        _owned.Dispose();
    }

    private static string Safe(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private Action Bind(LaunchOperation operation, KernelLauncher launcher, Func<LaunchBuffer, nint> pointerOf)
    {
        return operation switch
        {
            ProductOperation product => _products.Prepare(product, At, product.Bias is { } bias ? pointerOf(bias) : 0),
            ConvolutionOperation convolution => _networks.Prepare(convolution, At),
            AttentionOperation attention => _networks.TryPrepare(attention, At) ?? launcher.Prepare(attention),
            _ => launcher.Prepare(operation),
        };

        nint At(LaunchMatrix matrix) => pointerOf(matrix.Buffer) + (nint)(matrix.Offset * matrix.Buffer.Type.Size());
    }

    private nint PointerOf(LaunchBuffer buffer, ScratchLayout layout) =>
        buffer.Kind switch
        {
            LaunchBufferKind.Scratch => _scratch!.Pointer + (nint)layout[buffer],
            LaunchBufferKind.Weight => Weights[buffer],
            _ => Named(buffer.Name, buffer.Bytes),
        };

    private nint Named(string name, long bytes)
    {
        if (_named.TryGetValue(name, out var buffer) && buffer.Bytes < bytes)
        {
            throw new InvalidOperationException(Invariant($"The buffer {name} has {buffer.Bytes} bytes, not {bytes}."));
        }

        return (buffer ?? (_named[name] = new DeviceBuffer(Card.Arena, bytes))).Pointer;
    }
}
