using System.Diagnostics.CodeAnalysis;
using System.Text;
using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Ownership;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>
/// Convolutions and attention by cuDNN. Building a plan takes up to a second, so that each is made once for a shape, the
/// fastest of a few, and kept on disk as cuDNN writes it.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "Plans are owned by _kept, packs by _bound.")]
internal sealed class CudnnPlans : IDisposable
{
    private const int MostTried = 6;

    // float32 is for comparisons: the first plan will do, and timing its slow kernels takes minutes.
    private const int MostTriedExactly = 1;
    private const long InputId = 1;
    private const long WeightsId = 2;
    private const long ValueId = 3;
    private const long ResultId = 4;
    private const long FactorId = 5;

    // What cuDNN's attention kernels take.
    private const int HeadUnit = 8;
    private const int WidestHead = 256;
    private const int OneOperationVersion = 91300;

    private readonly Cudnn _cudnn;
    private readonly CardContext _card;
    private readonly nint _handle;
    private readonly Dictionary<string, CudnnDescriptor?> _plans = new(StringComparer.Ordinal);
    private readonly OwnedResources _kept = new();
    private readonly OwnedResources _bound = new();
    private readonly List<float[]> _factors = [];

    /// <summary>Starts cuDNN.</summary>
    public CudnnPlans(Cudnn cudnn, CardContext card)
    {
        (_cudnn, _card) = (cudnn, card);
        _handle = cudnn.Create(card.Stream);
    }

    /// <summary>A convolution, ready to be queued again and again.</summary>
    /// <exception cref="LipSyncException">cuDNN has no engine for it.</exception>
    public Action Prepare(ConvolutionOperation operation, Func<LaunchMatrix, nint> pointerOf)
    {
        var (window, type, x, y) = (operation.Window, operation.Y.Buffer.Type, operation.X, operation.Y);
        var key = Invariant(
            $"convolution {type} {window.Images}x{window.Side}x{x.Width} {y.Width} {window.Kernel} {window.Stride} {window.Before} {window.After}"
        );
        (long, nint)[] memory = [(InputId, pointerOf(x)), (WeightsId, pointerOf(operation.W)), (ResultId, pointerOf(y))];
        var plan = Plan(key, type, memory, graph =>
            graph.Convolve(
                graph.Tensor(InputId, type, [window.Images, x.Width, window.Side, window.Side], Strides(window.Side, x.Width)),
                graph.Tensor(WeightsId, type, [y.Width, x.Width, window.Kernel, window.Kernel], Strides(window.Kernel, x.Width)),
                graph.Tensor(ResultId, type, [window.Images, y.Width, window.OutSide, window.OutSide], Strides(window.OutSide, y.Width)),
                window.Stride,
                window.Before,
                window.After
            )
        );
        return plan is not null
            ? Execution(plan, memory)
            : throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"cuDNN {_cudnn.Version} has no engine for the {key}; install another version of cuDNN 9 (see docs/gpu.md), or use {OptionReference.Cpu}."
            );

        static long[] Strides(long side, long channels) => [side * side * channels, 1, side * channels, channels];
    }

    /// <summary>An attention, ready to be queued again and again; null if cuDNN has no kernel for it on this card.</summary>
    public Action? TryPrepare(AttentionOperation operation, Func<LaunchMatrix, nint> pointerOf)
    {
        var (type, heads, width) = (operation.Result.Buffer.Type, operation.Heads, operation.HeadWidth);
        if (!type.Is16Bit() || width % HeadUnit != 0 || width > WidestHead)
        {
            return null;
        }

        // cuDNN reads the factor when the plan is queued, from the computer's memory.
        var factor = GC.AllocateArray<float>(1, pinned: true);
        factor[0] = 1 / MathF.Sqrt(width);
        _factors.Add(factor);
        var factorPointer = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(factor, 0);
        var (images, queries, keys) = (operation.Images, operation.Queries, operation.Keys);
        var key =
            Invariant($"attention {type} {images}x{heads}x{queries}x{keys}x{width} ")
            + Invariant($"{operation.Query.Stride} {operation.Key.Stride} {operation.Value.Stride} {operation.Result.Stride}");
        (long, nint)[] memory =
        [
            (InputId, pointerOf(operation.Query)),
            (WeightsId, pointerOf(operation.Key)),
            (ValueId, pointerOf(operation.Value)),
            (ResultId, pointerOf(operation.Result)),
            (FactorId, factorPointer),
        ];
        var plan = Plan(key, type, memory, Composed) ?? (_cudnn.Version >= OneOperationVersion ? Plan(key + " as one", type, memory, OneOperation) : null);
        return plan is null ? null : Execution(plan, memory);

        void OneOperation(CudnnGraph graph) =>
            graph.Attend(
                graph.Tensor(InputId, type, [images, heads, queries, width], Strides(operation.Query, queries)),
                graph.Tensor(WeightsId, type, [images, heads, keys, width], Strides(operation.Key, keys)),
                graph.Tensor(ValueId, type, [images, heads, keys, width], Strides(operation.Value, keys)),
                graph.Tensor(ResultId, type, [images, heads, queries, width], Strides(operation.Result, queries)),
                graph.Number(FactorId)
            );

        void Composed(CudnnGraph graph)
        {
            var query = graph.Tensor(InputId, type, [images, heads, queries, width], Strides(operation.Query, queries));
            var keyStrides = Strides(operation.Key, keys);
            var keyTurned = graph.Tensor(WeightsId, type, [images, heads, width, keys], [keyStrides[0], keyStrides[1], keyStrides[3], keyStrides[2]]);
            var value = graph.Tensor(ValueId, type, [images, heads, keys, width], Strides(operation.Value, keys));
            var result = graph.Tensor(ResultId, type, [images, heads, queries, width], Strides(operation.Result, queries));
            long[] scoreShape = [images, heads, queries, keys];
            var (scores, scaled, weights) = (
                graph.Inner(DeviceDataType.Float32, scoreShape),
                graph.Inner(DeviceDataType.Float32, scoreShape),
                graph.Inner(type, scoreShape)
            );
            graph.Multiply(query, keyTurned, scores);
            graph.Scale(scores, graph.Number(FactorId), scaled);
            graph.Softmax(scaled, weights, scoreShape);
            graph.Multiply(weights, value, result);
        }

        // [image, head, token, width]
        long[] Strides(LaunchMatrix rows, int tokens) => [(long)tokens * rows.Stride, width, rows.Stride, 1];
    }

    /// <summary>Forgets what has been prepared, which must not be queued any more; plans are kept.</summary>
    public void Unbind()
    {
        _bound.Dispose();
        _factors.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unbind();
        _kept.Dispose();
        _cudnn.Destroy(_handle);
    }

    private CudnnDescriptor? Plan(string key, DeviceDataType type, (long, nint)[] memory, Action<CudnnGraph> describe)
    {
        if (!_plans.TryGetValue(key, out var plan))
        {
            plan = _plans[key] = Stored(key) ?? Fastest(key, type, memory, describe);
            if (plan is not null)
            {
                _kept.Add(plan);
            }
        }

        return plan;
    }

    private CudnnDescriptor? Fastest(string key, DeviceDataType type, (long, nint)[] memory, Action<CudnnGraph> describe)
    {
        using var graph = new CudnnGraph(_cudnn, _handle);
        describe(graph);
        (CudnnDescriptor? Plan, double Time) best = (null, double.MaxValue);
        var isExact = type == DeviceDataType.Float32;
        foreach (var plan in graph.Plans(_card.WorkspaceBytes, isExact).Take(isExact ? MostTriedExactly : MostTried))
        {
            using var pack = Pack(memory);
            if (
                _cudnn.Execute(_handle, plan.Pointer, pack.Pointer) == 0
                && _card.Timer.Best(() => _ = _cudnn.Execute(_handle, plan.Pointer, pack.Pointer)) is var time
                && time < best.Time
            )
            {
                best.Plan?.Dispose();
                best = (plan, time);
            }
            else
            {
                plan.Dispose();
            }
        }

        if (best.Plan is { } fastest)
        {
            _card.Plans[key] = Json(fastest);
        }

        return best.Plan;
    }

    private string Json(CudnnDescriptor plan)
    {
        var length = _cudnn.Get<byte>(plan.Pointer, CudnnAttribute.ExecutionPlanJson, CudnnType.Character, []);
        var text = new byte[length];
        _cudnn.Get<byte>(plan.Pointer, CudnnAttribute.ExecutionPlanJson, CudnnType.Character, text);
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>A plan as it was kept; null if there is none, or if this cuDNN does not take it.</summary>
    private CudnnDescriptor? Stored(string key)
    {
        if (_card.Plans[key] is not { } json)
        {
            return null;
        }

        var plan = new CudnnDescriptor(_cudnn, CudnnDescriptorType.ExecutionPlan)
            .Set<nint>(CudnnAttribute.ExecutionPlanHandle, CudnnType.Handle, _handle)
            .Set<byte>(CudnnAttribute.ExecutionPlanJson, CudnnType.Character, Encoding.UTF8.GetBytes(json));
        if (plan.TryComplete() && CudnnGraph.Workspace(_cudnn, plan) <= _card.WorkspaceBytes)
        {
            return plan;
        }

        plan.Dispose();
        return null;
    }

    private Action Execution(CudnnDescriptor plan, (long, nint)[] memory)
    {
        var pack = _bound.Add(Pack(memory));
        return () => _cudnn.Check(_cudnn.Execute(_handle, plan.Pointer, pack.Pointer), "run a plan");
    }

    private CudnnDescriptor Pack((long Id, nint Pointer)[] memory) =>
        new CudnnDescriptor(_cudnn, CudnnDescriptorType.VariantPack)
            .Set(CudnnAttribute.VariantPackUniqueIds, [.. memory.Select(part => part.Id)])
            .Set<nint>(CudnnAttribute.VariantPackDataPointers, CudnnType.Pointer, [.. memory.Select(part => part.Pointer)])
            .Set<nint>(CudnnAttribute.VariantPackWorkspace, CudnnType.Pointer, _card.Workspace)
            .Complete();
}
