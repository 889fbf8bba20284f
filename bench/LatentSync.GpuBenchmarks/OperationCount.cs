using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Diffusion;

namespace LatentSync.GpuBenchmarks;

/// <summary>Floating-point operations of products, convolutions and attention; everything else is memory traffic.</summary>
internal static class OperationCount
{
    /// <summary>Of a whole clip.</summary>
    public static long OfClip(ClipLayout layout, SamplerOptions sampling)
    {
        var (lists, plan) = (layout.Lists, new SamplingPlan(sampling));
        return OfList(lists.UNet.Prelude)
            + plan.Steps.Sum(step => lists.Halves(step.IsGuided).Sum(half => OfList(step.IsFull ? half.Full : half.Cached)))
            + (lists.Slices.Count * ((2 * OfList(lists.Encoder)) + OfList(lists.Decoder)));
    }

    /// <summary>Of a list.</summary>
    public static long OfList(LaunchList list) => list.Operations.Sum(OfOperation);

    private static long OfOperation(LaunchOperation operation) =>
        operation switch
        {
            ProductOperation product => 2L * product.Batch * product.Y.RowCount * product.Y.Width * product.X.Width,
            GatedProductOperation product => 2L * product.X.RowCount * product.W.RowCount * product.X.Width,
            ConvolutionOperation convolution => 2L * convolution.Y.RowCount * convolution.Y.Width * convolution.W.Width,
            AttentionOperation attention => 4L * attention.Images * attention.Queries * attention.Keys * attention.Query.Width,
            TemporalAttentionOperation attention => 4L * attention.Clips * attention.Pixels * attention.Frames * attention.Frames * attention.Result.Width,
            _ => 0,
        };
}
