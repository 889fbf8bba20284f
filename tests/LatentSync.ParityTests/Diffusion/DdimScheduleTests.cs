using LatentSync.Diffusion;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Diffusion;

public class DdimScheduleTests
{
    [Fact]
    public void AlphasCumulative_EqualTheReference() =>
        ParityTable.MaxAbsolute("sampling/alphas_cumprod", DdimSchedule.AlphasCumulative, Golden.Tensor("sampling/alphas_cumprod.npy").Span, 1e-5);

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(20)]
    public void Timesteps_EqualTheReference(int steps) =>
        Assert.Equal(
            Npy.ReadInt64(Golden.Path(FormattableString.Invariant($"sampling/timesteps_{steps}.npy"))),
            new DdimSchedule(steps).Timesteps.Select(timestep => (long)timestep)
        );
}
