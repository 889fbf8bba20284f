using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>The operations for which cards of compute capability 9.0 have kernels of their own, in float16 and bfloat16.</summary>
/// <param name="kernels">The kernels.</param>
/// <param name="multiprocessors">How many the card has.</param>
/// <param name="pointerOf">Where a buffer starts.</param>
internal sealed class HopperLauncher(CudaKernels kernels, int multiprocessors, Func<LaunchBuffer, nint> pointerOf)
{
    /// <summary>See <see cref="DeviceTraits.FusedGateChannels"/>: a panel of such rows fits into the shared memory of a multiprocessor.</summary>
    public const int FusedGateChannels = 320;

    // What the sources say too. Shared memory: tiles, barriers, and room for alignment.
    private const int Columns = 64;
    private const int HeadWidth = 40;
    private const int Heads = 8;
    private const int Keys = 128;
    private const int AttentionThreads = 512;
    private const int AttentionShared = (5 * 32768) + 1024 + 128 + 1024;
    private const int PanelRows = 256;
    private const int GeluThreads = 384;
    private const int GeluShared = (5 * 32768) + (4 * 16384) + 256 + 1024;

    /// <summary>An attention by the kernel for compute capability 9.0; null if that does not fit.</summary>
    public Action? TryPrepare(AttentionOperation attention)
    {
        var (query, key, value, channels) = (attention.Query, attention.Key, attention.Value, attention.Query.Width);
        var isPacked =
            query.Buffer == key.Buffer
            && key.Buffer == value.Buffer
            && query.Stride == 3 * channels
            && query.Offset % query.Stride == 0
            && key.Offset == query.Offset + channels
            && value.Offset == key.Offset + channels
            && attention.Result.IsDense;
        if (!isPacked || (attention.HeadWidth, attention.Heads) != (HeadWidth, Heads) || attention.Queries != attention.Keys || attention.Keys % Keys != 0)
        {
            return null;
        }

        return kernels.Prepare(
            "hopper_attention.cu",
            "hopper_attention_40",
            (multiprocessors, 1, 1),
            AttentionThreads,
            AttentionShared,
            new KernelArguments()
                .Add(kernels.TensorMap(query.Buffer.Type, At(query), query.RowCount, query.Stride, (Keys, Columns)))
                .Add(At(query))
                .Add(At(attention.Result))
                .Add(attention.Queries)
                .Add(attention.Images)
                .Add(1 / (MathF.Log(2) * MathF.Sqrt(HeadWidth)))
        );
    }

    /// <summary>A product with GEGLU.</summary>
    public Action Prepare(GatedProductOperation product)
    {
        var panels = product.X.RowCount / PanelRows;
        return kernels.Prepare(
            "hopper_gated_gelu.cu",
            "hopper_gated_gelu_320",
            (Math.Min(panels, multiprocessors), 1, 1),
            GeluThreads,
            GeluShared,
            new KernelArguments()
                .Add(kernels.TensorMap(product.X.Buffer.Type, At(product.X), product.X.RowCount, product.X.Width, (PanelRows, Columns)))
                .Add(kernels.TensorMap(product.W.Buffer.Type, At(product.W), product.W.RowCount, product.W.Width, (2 * GatedOrder.Chunk, Columns)))
                .Add(pointerOf(product.Bias))
                .Add(At(product.Y))
                .Add(panels)
                .Add(product.Y.Width / GatedOrder.Chunk)
        );
    }

    private nint At(LaunchMatrix matrix) => matrix.PointerIn(pointerOf);
}
