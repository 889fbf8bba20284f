using LatentSync.Diffusion;

namespace LatentSync.Tests.Diffusion;

public class DdimScheduleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(999)]
    public void Timesteps_FallByEqualStridesToOne(int steps)
    {
        var timesteps = new DdimSchedule(steps).Timesteps;
        Assert.Equal(steps, timesteps.Count);
        Assert.Equal(1, timesteps[^1]);
        Assert.All(timesteps.Zip(timesteps.Skip(1)), pair => Assert.Equal(1000 / steps, pair.First - pair.Second));
        Assert.InRange(timesteps[0], 1, 999);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Constructor_WhenStepsAreOutOfRange_Throws(int steps) => Assert.Throws<ArgumentOutOfRangeException>(() => new DdimSchedule(steps));

    [Theory]
    [InlineData(951)]
    [InlineData(501)]
    [InlineData(1)]
    public void Step_IsItsDefinition(int timestep)
    {
        const int Steps = 20;
        float[] latents = [1.5f, -0.25f, 3],
            noise = [0.5f, -1, 2];
        double alpha = DdimSchedule.AlphasCumulative[timestep];
        double previous = DdimSchedule.AlphasCumulative[Math.Max(timestep - (1000 / Steps), 0)];
        var expected = latents
            .Zip(noise, (x, e) =>
            {
                var clean = (x - (Math.Sqrt(1 - alpha) * e)) / Math.Sqrt(alpha);
                return (Math.Sqrt(previous) * clean) + (Math.Sqrt(1 - previous) * e);
            })
            .ToArray();

        new SamplingPlan(new SamplerOptions(Steps, 1, 1)).Steps.Single(step => step.Timestep == timestep).Advance(noise, latents, []);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], latents[i], 1e-5);
        }
    }

    [Fact]
    public void Step_WithTheTrueNoise_FindsTheCleanLatents()
    {
        const float Clean = 0.7f,
            Noise = -1.3f;
        var schedule = new DdimSchedule(50);
        var alpha = DdimSchedule.AlphasCumulative[schedule.Timesteps[0]];
        float[] latents = [(float)((Math.Sqrt(alpha) * Clean) + (Math.Sqrt(1 - alpha) * Noise))];
        foreach (var step in new SamplingPlan(new SamplerOptions(50, 1, 1)).Steps)
        {
            step.Advance([Noise], latents, []);
        }

        // The last step ends at the first training step's alpha, not at 1.
        var last = DdimSchedule.AlphasCumulative[0];
        Assert.Equal((Math.Sqrt(last) * Clean) + (Math.Sqrt(1 - last) * Noise), latents[0], 1e-4);
    }

    /// <summary>Of the published schedule of Stable Diffusion: its first, its middle and its last value.</summary>
    [Theory]
    [InlineData(0, 0.99915)]
    [InlineData(1, 0.998296)]
    [InlineData(499, 0.2776697)]
    [InlineData(999, 0.0046601)]
    public void AlphasCumulative_AreThePublishedOnes(int step, double expected)
    {
        Assert.Equal(DdimSchedule.TrainingSteps, DdimSchedule.AlphasCumulative.Length);
        Assert.Equal(expected, DdimSchedule.AlphasCumulative[step], 5e-7);
    }

    [Fact]
    public void ThePlan_KnowsItsOptionsAndWhichStepsAreFull()
    {
        var options = new SamplerOptions(7, 1.5f, 3);
        var plan = new SamplingPlan(options);
        Assert.Equal(options, plan.Options);
        Assert.Equal([true, false, false, true, false, false, true], plan.Steps.Select(step => step.IsFull));
        Assert.Equal(Enumerable.Range(0, 7), plan.Steps.Select(step => step.Index));
        Assert.Equal(new DdimSchedule(7).Timesteps, plan.Steps.Select(step => step.Timestep));
    }
}
