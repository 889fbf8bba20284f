using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Diffusion;
using LatentSync.GpuBenchmarks;

namespace LatentSync.Tests.Backends.Cuda.Plans;

/// <summary>The full-size networks, 16 frames: what each budget leads to. Measured peaks are in bench/results.</summary>
public sealed class MemoryPlannerTests
{
    private const long Mebibyte = 1 << 20;

    private static readonly MemoryPlanner Planner = new(
        SyntheticNetworks.Create(512),
        DeviceDataType.Float16,
        new SamplerOptions(20, 1.5f, 3),
        frames: 16
    );

    [Theory]
    [InlineData(8, "whole")]
    [InlineData(6, "slices of 8")]
    [InlineData(5, "halves, slices of 8")]
    [InlineData(4, "halves, slices of 8, streamed weights")]
    [InlineData(2, "halves, slices of 1, streamed weights")]
    public void Budget_LeadsToTheFastestPlanThatFits(int gibibytes, string plan)
    {
        var budget = gibibytes * 1024 * Mebibyte;
        var planned = MemoryBudget.Choose(Planner, budget, long.MaxValue, "card");
        Assert.Equal(plan, planned.Plan.Name);
        Assert.InRange(planned.ArenaBytes + MemoryBudget.ContextBytes, 1, budget);
    }

    [Fact]
    public void FullCard_IsNamed_NotTheBudget()
    {
        var error = Assert.Throws<LipSyncException>(() => MemoryBudget.Choose(Planner, long.MaxValue, 1024 * Mebibyte, "the card"));
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.StartsWith("the card has 1.0 GiB left for this program, but this model needs at least 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooSmallBudget_IsRefused_WithTheSmallestThatWorks()
    {
        var error = Assert.Throws<LipSyncException>(() => MemoryBudget.Choose(Planner, 1024 * Mebibyte, long.MaxValue, "card"));
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.Contains("1.0 GiB is too small", error.Message, StringComparison.Ordinal);
        Assert.Contains("2.0 GiB", error.Message, StringComparison.Ordinal);
    }

    // Counted for the public network: 35.25 TFLOP a full step, 1.12 and 2.51 a frame encoded and decoded. Half of what comes
    // before the first attention to the sound is left out here, the attention to silence, and 5 of 9 parts of each convolution
    // of a doubled map.
    [Fact]
    public void Operations_AreThoseOfThePublicNetwork()
    {
        const double Tera = 1e12;
        var sampling = new SamplerOptions(1, 1.5f, 1);
        var layout = new ClipLayout(SyntheticNetworks.Create(512), DeviceDataType.Float16, MemoryPlan.Ladder[0], 16, sampling);
        Assert.InRange(OperationCount.OfClip(layout, sampling) / Tera, 0.8 * 111.25, 111.25);
    }

    [Fact]
    public void Sizes()
    {
        foreach (var plan in MemoryPlan.Ladder)
        {
            foreach (var w in new[] { long.MaxValue, 0 })
            {
                var l = Planner.Measure(plan with { WeightBytes = w }).Layout;
                TestContext.Current.SendDiagnosticMessage("");
                Console.Error.WriteLine($"{plan.Name} {w} weights {l.Weights.Bytes >> 20} place {l.Weights.PlaceBytes >> 20} streamed {l.Weights.StreamedBytes >> 20} scratch {l.ScratchBytes >> 20} named {l.NamedBytes >> 20} all {l.Bytes >> 20}");
                foreach (var list in l.Lists.All.Where(x => x.Operations.Count > 5)) Console.Error.WriteLine($"   {list.Name} {new LatentSync.Backends.Cuda.Launching.ScratchLayout(list).Bytes >> 20} live {new LatentSync.Backends.Cuda.Launching.ScratchLayout(list).LiveBytes >> 20} {list.Operations.Count}");
            }
        }
    }
}
