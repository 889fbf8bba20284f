using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Launching.Operations.Norms;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>The operations that kernels of our own compute: how many blocks and threads each gets, and its arguments in order.</summary>
/// <param name="kernels">The kernels.</param>
/// <param name="device">The card.</param>
/// <param name="traits">Type of the list, and what the card may use.</param>
/// <param name="pointerOf">Where a buffer starts.</param>
internal sealed class KernelLauncher(CudaKernels kernels, CudaDevice device, DeviceTraits traits, Func<LaunchBuffer, nint> pointerOf)
{
    private const string GroupNorm = "group_norm.cu";
    private const string Tokens = "tokens.cu";
    private const string Maps = "maps.cu";
    private const int Vector = 8;
    private const int Warp = 32;

    // Ten warps: whole rows of 320, 640 and 1280 channels, and of twice or three times as many.
    private const int AimedThreads = 320;
    private const int PlainThreads = 256;
    private const int MostBlocks = 4096;
    private const int ApplyBlocks = 1024;
    private const int VectorsPerLane = 5;
    private const int GatedRows = 8;
    private const int QueriesPerBlock = 8;
    private const int KeysPerTile = 32;
    private const int FrameTile = 16;

    /// <summary>An operation, ready to be queued again and again.</summary>
    /// <param name="operation">Neither a product nor a convolution.</param>
    public Action Prepare(LaunchOperation operation) =>
        operation switch
        {
            ChannelSumsOperation sums => SumChannels(sums),
            AddBiasOperation add => AddBias(add),
            NormCoefficientsOperation norm => Coefficients(norm),
            ApplyNormOperation apply => Apply(apply),
            LayerNormOperation norm => NormRows(norm),
            GatedGeluOperation gelu => Gate(gelu),
            SoftmaxOperation softmax => WeighRows(softmax),
            AttentionOperation attention => Attend(attention),
            TemporalAttentionOperation attention => AttendFrames(attention),
            GatherWindowsOperation windows => Gather(windows),
            InterleavePhasesOperation phases => Interleave(phases),
            WidenOperation widen => Elementwise(
                "widen",
                (long)widen.Y.RowCount * widen.Y.Width,
                Arguments().Add(At(widen.X)).Add(widen.X.Width).Add(At(widen.Y)).Add(widen.Y.Stride).Add(0).Add(widen.Y.Width).Add(widen.Y.RowCount)
            ),
            NarrowOperation narrow => Elementwise(
                "narrow",
                (long)narrow.Y.RowCount * narrow.Y.Width,
                Arguments().Add(At(narrow.X)).Add(narrow.X.Stride).Add(At(narrow.Y)).Add(narrow.Y.Width).Add(narrow.Y.RowCount)
            ),
            CopyColumnsOperation copy => Elementwise(
                "copy_columns",
                (long)copy.Y.RowCount * copy.Y.Width,
                Arguments()
                    .Add(At(copy.X))
                    .Add(copy.X.Stride)
                    .Add(At(copy.Y))
                    .Add(copy.Y.Stride)
                    .Add(copy.Y.Width)
                    .Add(copy.Y.RowCount)
                    .Add(copy.Factor)
                    .Add(copy.Addend)
            ),
            FacePixelsOperation faces => Elementwise(
                "face_pixels",
                (long)faces.Y.RowCount * faces.Y.Width,
                Arguments()
                    .Add(At(faces.Pixels))
                    .Add(faces.Mask is { } mask ? pointerOf(mask) : 0)
                    .Add(At(faces.Y))
                    .Add((int)(faces.Mask?.Count ?? 1))
                    .Add(faces.Y.RowCount)
            ),
            CompositeFacesOperation faces => Elementwise(
                "composite_faces",
                (long)faces.Generated.RowCount * faces.Generated.Width,
                Arguments()
                    .Add(At(faces.Generated))
                    .Add(At(faces.Pixels))
                    .Add(pointerOf(faces.Mask))
                    .Add(At(faces.Faces))
                    .Add((int)faces.Mask.Count)
                    .Add(faces.Generated.RowCount)
            ),
            SamplerStepOperation step => Elementwise("sampler_step", step.Count, StepArguments(step)),
            MultistepOperation step => Elementwise(
                "multistep",
                step.Update.Count,
                StepArguments(step.Update)
                    .Add(At(step.Newer))
                    .Add(At(step.Older))
                    .Add(step.NewerFactor)
                    .Add(step.OlderFactor)
                    .Add(step.CleanLatentFactor)
                    .Add(step.CleanNoiseFactor)
            ),
            _ => throw new InvalidOperationException($"No kernel computes a {operation.GetType().Name}."),
        };

    private KernelArguments StepArguments(SamplerStepOperation step) =>
        Arguments()
            .Add(At(step.Latents))
            .Add(step.Latents.Stride)
            .Add(At(step.Without))
            .Add(At(step.With))
            .Add(step.Latents.Width)
            .Add(step.Latents.RowCount)
            .Add(step.Guidance)
            .Add(step.LatentFactor)
            .Add(step.NoiseFactor);

    private nint At(LaunchMatrix matrix) => matrix.PointerIn(pointerOf);

    private nint Sums(ChannelSums? sums) => sums is null ? 0 : pointerOf(sums.Buffer);

    private Action WeighRows(SoftmaxOperation softmax) =>
        kernels.Prepare(
            Tokens,
            "softmax_rows",
            (softmax.X.RowCount, 1, 1),
            PlainThreads,
            softmax.X.Width * sizeof(float),
            Arguments().Add(At(softmax.X)).Add(softmax.X.Width).Add(softmax.Scale)
        );

    private Action SumChannels(ChannelSumsOperation sums)
    {
        var (vectors, perChunk, threads) = Shares(sums.X.Channels, sums.X.Pixels, sums.Sums.Chunks);
        return kernels.Prepare(
            GroupNorm,
            "channel_sums",
            (sums.Sums.Chunks, sums.X.Images, 1),
            threads,
            SumBytes(threads),
            Arguments().Add(pointerOf(sums.X.Buffer)).Add(Sums(sums.Sums)).Add(vectors).Add(sums.X.Pixels).Add(perChunk)
        );
    }

    private Action AddBias(AddBiasOperation add)
    {
        var x = add.X;
        var chunks = add.Sums?.Chunks ?? ChannelSums.ChunkCount(x.Images, x.Pixels);
        var (vectors, perChunk, threads) = Shares(x.Channels, x.Pixels, chunks);
        var main = kernels.Prepare(
            GroupNorm,
            "add_bias_sums",
            (chunks, x.Images, 1),
            threads,
            SumBytes(threads),
            Arguments()
                .Add(pointerOf(x.Buffer))
                .Add(add.Residual is { } residual ? pointerOf(residual.Buffer) : 0)
                .Add(pointerOf(add.Bias))
                .Add(pointerOf(add.Y.Buffer))
                .Add(Sums(add.Sums))
                .Add(vectors)
                .Add(x.Pixels)
                .Add(perChunk)
                .Add(add.IsPadded ? x.Side : 0)
        );
        if (!add.IsPadded)
        {
            return main;
        }

        var border = kernels.Prepare(
            GroupNorm,
            "clear_padding",
            (Blocks(2L * add.Y.Side * vectors), x.Images, 1),
            PlainThreads,
            0,
            Arguments().Add(pointerOf(add.Y.Buffer)).Add(vectors).Add(x.Side)
        );
        return () =>
        {
            main();
            border();
        };
    }

    private Action Coefficients(NormCoefficientsOperation norm)
    {
        var (first, second) = (norm.Sources[0].Sums, norm.Sources.Count > 1 ? norm.Sources[1].Sums : null);
        var channels = first.Channels + (second?.Channels ?? 0);
        var work = (long)norm.ImagesPerUnit * Math.Max(first.Chunks, second?.Chunks ?? 0) * channels / norm.Groups;
        var threads =
            work < 1024 ? 256
            : work < 4096 ? 512
            : 1024;
        return kernels.Prepare(
            GroupNorm,
            "norm_coefficients",
            (norm.Groups, norm.Images / norm.ImagesPerUnit, 1),
            threads,
            0,
            Arguments()
                .Add(Sums(first))
                .Add(first.Channels)
                .Add(first.Chunks)
                .Add(first.Images)
                .Add(Sums(second))
                .Add(second?.Channels ?? 0)
                .Add(second?.Chunks ?? 1)
                .Add(second?.Images ?? 1)
                .Add(norm.ImagesPerUnit)
                .Add(norm.FrameCount is { } count ? pointerOf(count) : 0)
                .Add(norm.Pixels)
                .Add(pointerOf(norm.Gamma))
                .Add(pointerOf(norm.Beta))
                .Add(norm.Offset is { } offset ? At(offset) : 0)
                .Add(norm.Epsilon)
                .Add(pointerOf(norm.Coefficients))
        );
    }

    private Action Apply(ApplyNormOperation apply)
    {
        var (first, second, y) = (apply.Sources[0], apply.Sources.Count > 1 ? apply.Sources[1] : null, apply.Y);
        var chunks = Math.Clamp((ApplyBlocks + y.Images - 1) / y.Images, 1, Math.Max(1, y.Pixels / Vector));
        var (_, perChunk, threads) = Shares(y.Channels, y.Pixels, chunks);
        return kernels.Prepare(
            GroupNorm,
            apply.Silu ? "apply_norm_silu" : "apply_norm",
            (chunks, y.Images, 1),
            threads,
            0,
            Arguments()
                .Add(pointerOf(first.Buffer))
                .Add(first.Channels / Vector)
                .Add(first.Images)
                .Add(second is null ? 0 : pointerOf(second.Buffer))
                .Add((second?.Channels ?? 0) / Vector)
                .Add(second?.Images ?? 1)
                .Add(pointerOf(apply.Coefficients))
                .Add(pointerOf(y.Buffer))
                .Add(y.Pixels)
                .Add(perChunk)
                .Add(apply.ImagesPerUnit)
        );
    }

    private Action NormRows(LayerNormOperation norm)
    {
        var (vectors, lanes) = (norm.X.Width / Vector, 1);
        while (lanes * VectorsPerLane < vectors)
        {
            lanes *= 2;
        }

        var rowsPerBlock = PlainThreads / lanes;
        var name = vectors == VectorsPerLane * lanes && lanes >= Vector ? Invariant($"layer_norm_{norm.X.Width}") : "layer_norm";
        return kernels.Prepare(
            Tokens,
            name,
            ((norm.X.RowCount + rowsPerBlock - 1) / rowsPerBlock, 1, 1),
            PlainThreads,
            0,
            Arguments()
                .Add(At(norm.X))
                .Add(pointerOf(norm.Gamma))
                .Add(pointerOf(norm.Beta))
                .Add(At(norm.Y))
                .Add(norm.X.RowCount)
                .Add(vectors)
                .Add(lanes)
                .Add(norm.Pixels)
                .Add(norm.Frames)
        );
    }

    private Action Gate(GatedGeluOperation gelu)
    {
        var vectors = gelu.Y.Width / Vector;
        var width = Enumerable.Range(1, Math.Min(AimedThreads, vectors)).Last(divisor => vectors % divisor == 0);
        var rows = AimedThreads / width;
        var perChunk = Math.Max(GatedRows, rows);
        return kernels.Prepare(
            Tokens,
            "gated_gelu",
            ((gelu.X.RowCount + perChunk - 1) / perChunk, vectors / width, 1),
            width * rows,
            0,
            Arguments().Add(At(gelu.X)).Add(At(gelu.Y)).Add(vectors).Add(width).Add(gelu.X.RowCount).Add(perChunk)
        );
    }

    private Action Attend(AttentionOperation attention)
    {
        var width = attention.HeadWidth;
        var shared = ((QueriesPerBlock * width) + (2 * KeysPerTile * (width + 1))) * sizeof(float);
        return kernels.Prepare(
            "attention.cu",
            "attention",
            ((attention.Queries + QueriesPerBlock - 1) / QueriesPerBlock, attention.Heads, attention.Images),
            PlainThreads,
            shared,
            Arguments()
                .Add(At(attention.Query))
                .Add(attention.Query.Stride)
                .Add(At(attention.Key))
                .Add(At(attention.Value))
                .Add(attention.Key.Stride)
                .Add(At(attention.Result))
                .Add(attention.Result.Stride)
                .Add(attention.Queries)
                .Add(attention.Keys)
                .Add(width)
                .Add(1 / MathF.Sqrt(width))
        );
    }

    private Action AttendFrames(TemporalAttentionOperation attention)
    {
        var (width, scale) = (attention.HeadWidth, 1 / MathF.Sqrt(attention.HeadWidth));
        var common = Arguments()
            .Add(At(attention.QueryKeyValue))
            .Add(At(attention.Result))
            .Add(attention.Pixels)
            .Add(attention.Frames)
            .Add(attention.FrameCount is { } count ? pointerOf(count) : 0);
        return traits.Type.Is16Bit() && device.ComputeCapability.Major >= 8 && width is 40 or 80 or 160 && attention.Frames <= FrameTile
            ? kernels.Prepare(
                "temporal_attention.cu",
                Invariant($"temporal_attention_{width}"),
                (attention.Pixels, attention.Clips, 1),
                attention.Heads * Warp,
                0,
                common.Add(scale)
            )
            : kernels.Prepare(
                "temporal_attention.cu",
                "temporal_attention",
                (attention.Pixels, attention.Heads, attention.Clips),
                Warp,
                3 * attention.Frames * (width + 1) * sizeof(float),
                common.Add(attention.Heads).Add(width).Add(scale)
            );
    }

    private Action Gather(GatherWindowsOperation windows)
    {
        var (x, y, window) = (windows.X, windows.Y, windows.Window);
        var vectors = y.Width / Vector;
        var whole = x.Width % Vector == 0 && y.Width == window.Kernel * window.Kernel * x.Width;
        var arguments = Arguments()
            .Add(At(x))
            .Add(At(y))
            .Add(window.Side)
            .Add(window.Side)
            .Add(whole ? x.Width / Vector : x.Width)
            .Add(window.Kernel)
            .Add(window.Stride)
            .Add(window.Before)
            .Add(window.Before)
            .Add(window.OutSide)
            .Add(window.OutSide);
        var grid = (Blocks((long)window.OutSide * window.OutSide * vectors), window.Images, 1);
        return whole
            ? kernels.Prepare(Maps, "gather_window_vectors", grid, PlainThreads, 0, arguments)
            : kernels.Prepare(Maps, "gather_windows", grid, PlainThreads, 0, arguments.Add(vectors));
    }

    private Action Interleave(InterleavePhasesOperation phases)
    {
        var y = phases.Y;
        var (vectors, perChunk, threads) = Shares(y.Channels, y.Pixels, phases.Sums.Chunks);
        return kernels.Prepare(
            GroupNorm,
            "interleave_phases",
            (phases.Sums.Chunks, y.Images, 1),
            threads,
            SumBytes(threads),
            Arguments().Add(At(phases.X)).Add(pointerOf(phases.Bias)).Add(pointerOf(y.Buffer)).Add(Sums(phases.Sums)).Add(vectors).Add(y.Side / 2).Add(perChunk)
        );
    }

    private Action Elementwise(string name, long count, KernelArguments arguments) =>
        kernels.Prepare(Maps, name, (Blocks(count), 1, 1), PlainThreads, 0, arguments);

    private static KernelArguments Arguments() => new();

    private static int Blocks(long count) => (int)Math.Clamp((count + (4 * PlainThreads) - 1) / (4 * PlainThreads), 1, MostBlocks);

    private static int SumBytes(int threads) => threads * 2 * Vector * sizeof(float);

    /// <summary>Vectors of a pixel, pixels of a chunk, and threads of a block: whole pixels, about <see cref="AimedThreads"/>.</summary>
    private static (int Vectors, int PixelsPerChunk, int Threads) Shares(int channels, int pixels, int chunks)
    {
        var vectors = channels / Vector;
        return (vectors, (pixels + chunks - 1) / chunks, vectors * Math.Max(1, AimedThreads / vectors));
    }
}
