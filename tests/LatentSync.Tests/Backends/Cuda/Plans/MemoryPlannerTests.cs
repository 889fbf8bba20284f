using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Diffusion;
using LatentSync.GpuBenchmarks;

namespace LatentSync.Tests.Backends.Cuda.Plans;

/// <summary>The full-size networks, 16 frames: what each budget leads to. Measured peaks are in bench/results.</summary>
public sealed class MemoryPlannerTests
{
    private const long Mebibyte = 1 << 20;

    private static readonly DeviceRuntimeOptions Options = new() { Type = DeviceDataType.Float16, UsesFusedOperators = true };
    private static readonly MemoryPlanner Planner = new(SyntheticNetworks.Create(512), Options, new SamplerOptions(20, 1.5f, 3), frames: 16);

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

    // An H100 used 5680 and 4111 MiB for these two; see bench/results.
    [Theory]
    [InlineData(0, 5680)]
    [InlineData(1, 4111)]
    public void Prediction_IsWithinATenthOfWhatACardUsed(int plan, long measured) =>
        Assert.InRange(Planner.Measure(MemoryPlan.Ladder[plan]).ArenaBytes, (long)(0.9 * measured * Mebibyte), (long)(1.1 * measured * Mebibyte));

    // Counted for the public network: 35.25 TFLOP a full step, 1.12 and 2.51 a frame encoded and decoded. The attention to
    // silence is left out here; the frames that share a tile add some.
    [Fact]
    public void Operations_AreThoseOfThePublicNetwork()
    {
        const double Tera = 1e12;
        var oneStep = new MemoryPlanner(SyntheticNetworks.Create(512), Options, new SamplerOptions(1, 1.5f, 1), frames: 16);
        Assert.InRange(oneStep.CountOperations(MemoryPlan.Ladder[0]) / Tera, 0.97 * 111.25, 1.03 * 111.25);
    }
}
