using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Launching.Operations.Norms;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Diffusion;

namespace LatentSync.GpuBenchmarks;

/// <summary>What the operations of a clip take, each run alone: their sum is a little more than the clip, where they follow each other closely.</summary>
internal sealed class ClipProfile(ILaunchPlayer player, ClipLayout layout)
{
    private const int Runs = 3;

    private readonly Dictionary<string, (int Uses, double Milliseconds)> _times = new(StringComparer.Ordinal);

    /// <summary>Uses and milliseconds in one clip, by list, kind and shape.</summary>
    public IReadOnlyDictionary<string, (int Uses, double Milliseconds)> Measure(SamplerOptions sampling)
    {
        player.Load(layout.ScratchBytes, layout.Weights, CancellationToken.None);
        var (lists, steps) = (layout.Lists, new SamplingPlan(sampling).Steps);
        Add(lists.UNet.Prelude, 1);
        foreach (var unet in lists.UNets)
        {
            List<SamplingStep> its = [.. steps.Where(step => lists.Halves(step.IsGuided).Contains(unet))];
            Add(unet.Full, its.Count(step => step.IsFull));
            Add(unet.Cached, its.Count(step => !step.IsFull));
        }

        Add(lists.Encoder, 2 * lists.Slices.Count);
        Add(lists.Decoder, lists.Slices.Count);
        player.Unload();
        return _times;
    }

    private void Add(LaunchList list, int uses)
    {
        var prepared = player.Prepare(list);
        prepared.Play();
        foreach (var (operation, step) in list.Operations.Zip(prepared.Steps))
        {
            var time = Enumerable.Range(0, Runs).Min(_ => Time(step));
            var key = $"{list.Name}: {Describe(operation)}";
            var (count, sum) = _times.GetValueOrDefault(key);
            _times[key] = (count + uses, sum + (uses * time));
        }
    }

    private double Time(Action step)
    {
        player.Mark(0);
        step();
        player.Mark(1);
        player.Wait(1);
        return player.Elapsed(0, 1);
    }

    private static string Describe(LaunchOperation operation) =>
        operation switch
        {
            ProductOperation product => Invariant($"product {product.X.RowCount}x{product.X.Width}x{product.Y.Width}")
                + (product.Batch > 1 ? Invariant($" x {product.Batch}") : string.Empty)
                + (product.Bias is null ? string.Empty : " + bias")
                + (product.Residual is null ? string.Empty : " + residual"),
            GatedProductOperation product => Invariant($"gated product {product.X.RowCount}x{product.X.Width}x{product.W.RowCount}"),
            ConvolutionOperation convolution => Invariant($"convolution {convolution.Window.Images}x{convolution.Window.Side} ")
                + Invariant($"{convolution.X.Width} -> {convolution.Y.Width}, {convolution.Window.Kernel}x{convolution.Window.Kernel}"),
            AttentionOperation attention => Invariant($"attention {attention.Images}x{attention.Heads} heads, {attention.Queries} to {attention.Keys}, ")
                + Invariant($"width {attention.HeadWidth}"),
            TemporalAttentionOperation attention => Invariant($"temporal attention, {attention.Pixels} pixels, width {attention.HeadWidth}"),
            ChannelSumsOperation sums => Invariant($"channel sums {sums.X.Channels} at {sums.X.Side}"),
            AddBiasOperation add => Invariant($"bias and sums {add.X.Channels} at {add.X.Side}"),
            NormCoefficientsOperation norm => Invariant($"norm coefficients at {norm.Sources[0].Map.Side}"),
            ApplyNormOperation apply => Invariant($"norm {apply.Y.Channels} at {apply.Y.Side}"),
            LayerNormOperation norm => Invariant($"layer norm {norm.X.RowCount}x{norm.X.Width}"),
            GatedGeluOperation gelu => Invariant($"gated gelu {gelu.Y.RowCount}x{gelu.Y.Width}"),
            _ => operation.GetType().Name.Replace("Operation", string.Empty, StringComparison.Ordinal),
        };
}
