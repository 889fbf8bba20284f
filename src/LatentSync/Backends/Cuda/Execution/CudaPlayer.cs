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
internal sealed class CudaPlayer : ILaunchPlayer, IDisposable
{
    /// <summary>Scratch memory of cuBLASLt and cuDNN, in bytes.</summary>
    public const long LibraryWorkspace = 64L << 20;

    private static readonly (int Major, int Minor) s_hopper = (9, 0);

    private readonly OwnedResources _owned = new();
    private readonly Dictionary<string, DeviceBuffer> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StagingBuffer> _staging = new(StringComparer.Ordinal);
    private readonly Dictionary<int, DeviceMark> _marks = [];
    private readonly IWeightReader _reader;
    private readonly bool _isHopper;
    private readonly CudaKernels _kernels;
    private readonly ProductPlans _products;
    private readonly CudnnPlans _networks;
    private DeviceBuffer? _scratch;
    private CudaWeights? _weights;
    private WeightPlacement? _placement;

    /// <summary>Makes a card ready.</summary>
    /// <param name="device">The card.</param>
    /// <param name="reader">Where weights come from.</param>
    /// <param name="type">Type of the lists.</param>
    /// <param name="usesHopper">Whether kernels that only compute capability 9.0 has may be used.</param>
    /// <param name="cacheFolder">Where compiled kernels and plans are kept.</param>
    /// <exception cref="LipSyncException">A library is missing or too old for the card, or the card too old for the type.</exception>
    public CudaPlayer(CudaDevice device, IWeightReader reader, DeviceDataType type, bool usesHopper, string cacheFolder)
    {
        _reader = reader;
        _isHopper = usesHopper && type.Is16Bit() && device.ComputeCapability == s_hopper;
        Traits = new DeviceTraits(type, _isHopper ? HopperLauncher.FusedGateChannels : 0);
        try
        {
            var libraries = CudaLibraries.FindFor(device.ComputeCapability);
            libraries.Release.Require(device.Name, device.ComputeCapability);
            type.RequireOn(device.Name, device.ComputeCapability);
            Toolkit = CudaToolkit.Load(libraries);
            var plans = Path.Combine(
                cacheFolder,
                Invariant($"plans-{Safe(device.Name)}-{libraries.Driver.Version}-{Toolkit.CublasLt.Version}-{Toolkit.Cudnn.Version}.json")
            );
            Card = _owned.Add(new CardContext(device, new PlanStore(plans), LibraryWorkspace));
            Compiler = new KernelCompiler(Toolkit.Nvrtc, device.ComputeCapability, cacheFolder);
            _kernels = _owned.Add(new CudaKernels(new KernelDriver(), Compiler, type, _isHopper, device.ComputeStream));
            _products = _owned.Add(new ProductPlans(Toolkit.CublasLt, Card));
            _networks = _owned.Add(new CudnnPlans(Toolkit.Cudnn, Card));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DeviceTraits Traits { get; }

    /// <summary>CUDA's libraries.</summary>
    public CudaToolkit Toolkit { get; }

    /// <summary>The card.</summary>
    public CardContext Card { get; }

    /// <summary>What compiled the kernels.</summary>
    public KernelCompiler Compiler { get; }

    /// <inheritdoc/>
    public void Load(long scratchBytes, WeightPlacement weights, CancellationToken cancellationToken)
    {
        Unload();
        Card.TakeWorkspace();
        _scratch = new DeviceBuffer(Card.Arena, Math.Max(1, scratchBytes));
        _placement = weights;
        _weights = new CudaWeights(Card, _reader, weights, cancellationToken);
    }

    /// <inheritdoc/>
    public PreparedList Prepare(LaunchList list)
    {
        var (weights, placement) = (_weights, _placement);
        if (weights is null || placement is null)
        {
            throw new InvalidOperationException("Load comes first.");
        }

        var (layout, blocks) = (new ScratchLayout(list), placement.Blocks(list));
        var weightOf = weights.PointersOf(blocks);
        if (layout.Bytes > _scratch!.Bytes)
        {
            throw new InvalidOperationException(Invariant($"{list.Name} needs {layout.Bytes} bytes of scratch memory, not {_scratch.Bytes}."));
        }

        var launcher = new KernelLauncher(_kernels, Card.Device, Traits, PointerOf);
        var hopper = _isHopper ? new HopperLauncher(_kernels, Card.Device.MultiprocessorCount, PointerOf) : null;
        List<Action> steps = [.. list.Operations.Select(operation => Bind(operation, launcher, hopper, PointerOf))];
        Card.Plans.Save();
        return new PreparedList(list, steps).WithWeights(blocks, weights);

        nint PointerOf(LaunchBuffer buffer) =>
            buffer.Kind switch
            {
                LaunchBufferKind.Scratch => _scratch.Pointer + (nint)layout[buffer],
                LaunchBufferKind.Weight => weightOf(buffer),
                _ => Named(buffer.Name, buffer.Bytes),
            };
    }

    /// <inheritdoc/>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var staging = Staging(name, bytes.Length);
        Card.Device.Synchronize(staging.Free.Handle);
        bytes.CopyTo(staging.Buffer.Span<byte>(0, bytes.Length));
        Card.Device.Copy(Named(name, bytes.Length), staging.Buffer.Pointer, bytes.Length, CopyDirection.ToDevice, DeviceStream.Compute);
        Card.Device.Record(staging.Free.Handle, DeviceStream.Compute);
    }

    /// <inheritdoc/>
    public void Read(string name, IReadOnlyList<Memory<float>> parts)
    {
        var length = parts.Sum(part => (long)part.Length * sizeof(float));
        var staging = Staging(name, length);
        Card.Device.Copy(staging.Buffer.Pointer, Named(name, length), length, CopyDirection.ToHost, DeviceStream.Compute);
        Card.Device.Synchronize();
        var offset = 0L;
        foreach (var part in parts)
        {
            staging.Buffer.Span<float>(offset, part.Length).CopyTo(part.Span);
            offset += (long)part.Length * sizeof(float);
        }
    }

    /// <inheritdoc/>
    public void Mark(int mark)
    {
        if (!_marks.TryGetValue(mark, out var reached))
        {
            reached = _marks[mark] = _owned.Add(new DeviceMark(Card.Device));
        }

        Card.Device.Record(reached.Handle, DeviceStream.Compute);
    }

    /// <inheritdoc/>
    public void Wait(int mark) => Card.Device.Synchronize(_marks[mark].Handle);

    /// <inheritdoc/>
    public double Elapsed(int from, int to) => Card.Device.ElapsedMilliseconds(_marks[from].Handle, _marks[to].Handle);

    /// <inheritdoc/>
    public void Unload()
    {
        Card.Device.Synchronize();
        _products.Unbind();
        _networks.Unbind();
        _weights?.Dispose();
        _scratch?.Dispose();
        (_weights, _placement, _scratch) = (null, null, null);
        foreach (var buffer in _named.Values)
        {
            buffer.Dispose();
        }

        foreach (var staging in _staging.Values)
        {
            staging.Dispose();
        }

        _named.Clear();
        _staging.Clear();
        Card.Arena.Trim();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_networks is not null)
        {
            Unload();
        }

        _owned.Dispose();
    }

    private static string Safe(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private Action Bind(LaunchOperation operation, KernelLauncher launcher, HopperLauncher? hopper, Func<LaunchBuffer, nint> pointerOf)
    {
        return operation switch
        {
            ProductOperation product => _products.Prepare(product, At, product.Bias is { } bias ? pointerOf(bias) : 0),
            ConvolutionOperation convolution => _networks.Prepare(convolution, At),
            AttentionOperation attention => hopper?.TryPrepare(attention) ?? _networks.TryPrepare(attention, At) ?? launcher.Prepare(attention),
            GatedProductOperation product when hopper is not null => hopper.Prepare(product),
            _ => launcher.Prepare(operation),
        };

        nint At(LaunchMatrix matrix) => matrix.PointerIn(pointerOf);
    }

    private StagingBuffer Staging(string name, long bytes)
    {
        if (_staging.TryGetValue(name, out var staging) && staging.Buffer.Bytes >= bytes)
        {
            return staging;
        }

        staging?.Dispose();
        return _staging[name] = new StagingBuffer(Card.Device, bytes);
    }

    private nint Named(string name, long bytes)
    {
        if (_named.TryGetValue(name, out var buffer) && buffer.Bytes < bytes)
        {
            throw new InvalidOperationException(Invariant($"The buffer {name} has {buffer.Bytes} bytes, not {bytes}."));
        }

        return (buffer ?? (_named[name] = new DeviceBuffer(Card.Arena, bytes))).Pointer;
    }

    /// <summary>Memory of the computer on the way to a named buffer or back, and a mark behind the last copy from it.</summary>
    private sealed class StagingBuffer(CudaDevice device, long bytes) : IDisposable
    {
        public PinnedBuffer Buffer { get; } = new(device, bytes);

        public DeviceMark Free { get; } = new(device);

        public void Dispose()
        {
            device.Synchronize();
            Buffer.Dispose();
            Free.Dispose();
        }
    }
}
