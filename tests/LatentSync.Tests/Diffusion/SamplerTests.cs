using LatentSync.Diffusion;

namespace LatentSync.Tests.Diffusion;

/// <summary>The samplers' coefficients against the papers' steps, and against flows that are known.</summary>
public class SamplerTests
{
    private static readonly Sampler[] Multistep = [Sampler.DpmPlusPlus2M, Sampler.UniPc];

    public static TheoryData<Sampler, int> SamplersAndSteps =>
        [.. Enum.GetValues<Sampler>().SelectMany(sampler => ((int[])[1, 2, 3, 4, 10, 20, 999]).Select(steps => (sampler, steps)))];

    public static TheoryData<Sampler> Samplers => [.. Enum.GetValues<Sampler>()];

    /// <summary>A network that bends: no sampler can be exact on it, so that a wrong coefficient shows at every step.</summary>
    [Theory]
    [MemberData(nameof(SamplersAndSteps))]
    public void EveryStep_IsThatOfThePaper(Sampler sampler, int steps)
    {
        var plan = new SamplingPlan(new SamplerOptions(steps, 1, 1) { Sampler = sampler });
        var expected = new SlowSampler(Cumulative(sampler, steps), (x, point) => Bent(x, point)).Run(sampler, 1.3);
        float[] latents = [1.3f];
        var history = History(plan, 1);
        foreach (var step in plan.Steps)
        {
            step.Advance([(float)Bent(latents[0], step.Index)], latents, history);
            Assert.Equal(expected[step.Index + 1], latents[0], 2e-5 * (1 + Math.Abs(expected[step.Index + 1])));
        }

        static double Bent(double x, int point) => Math.Tanh(x) + (0.3 * Math.Sin((2 * x) + point));
    }

    /// <summary>Where the clean latents and the noise are the same at every step, the straight way there is the result.</summary>
    [Theory]
    [MemberData(nameof(SamplersAndSteps))]
    public void EveryStep_WithTheTrueNoise_IsExact(Sampler sampler, int steps)
    {
        const double Clean = 0.7,
            Noise = -1.3;
        var plan = new SamplingPlan(new SamplerOptions(steps, 1, 1) { Sampler = sampler });
        var cumulative = Cumulative(sampler, steps);
        float[] latents = [(float)Point(0)];
        var history = History(plan, 1);
        foreach (var step in plan.Steps)
        {
            step.Advance([(float)Noise], latents, history);
            Assert.Equal(Point(step.Index + 1), latents[0], 1e-4);
        }

        double Point(int point) => (Math.Sqrt(cumulative[point]) * Clean) + (Math.Sqrt(1 - cumulative[point]) * Noise);
    }

    /// <summary>999 down in equal shares; the end is the first training step, where DDIM ends.</summary>
    [Theory]
    [InlineData(1, "999")]
    [InlineData(4, "999 749 500 250")]
    [InlineData(6, "999 832 666 500 333 166")]
    [InlineData(20, "999 949 899 849 799 749 699 649 599 549 500 450 400 350 300 250 200 150 100 50")]
    public void Timesteps_OfSamplersThatLookBack_AreEquallySpaced(int steps, string expected)
    {
        foreach (var sampler in Multistep)
        {
            var plan = new SamplingPlan(new SamplerOptions(steps, 1, 3) { Sampler = sampler });
            Assert.Equal(expected, string.Join(' ', plan.Steps.Select(step => step.Timestep)));
            Assert.Equal(Enumerable.Range(0, steps).Select(index => (index, index % 3 == 0)), plan.Steps.Select(step => (step.Index, step.IsFull)));
        }

        var levels = MultistepSchedule.Levels(MultistepSchedule.Timesteps(steps));
        Assert.Equal(steps, levels.Steps);
        Assert.Equal(DdimSchedule.AlphasCumulative[0], Math.Pow(levels.Alpha(steps), 2), 1e-12);
    }

    /// <summary>The first step and the last are DDIM's.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(20, 2)]
    public void Steps_OfFirstOrder_AreTheFirst_AndTheLast(int steps, int expected)
    {
        var levels = MultistepSchedule.Levels(MultistepSchedule.Timesteps(steps));
        List<int> first = [.. Enumerable.Range(0, steps).Where(step => DpmSolver.Factors(levels, step).Newer == 0)];
        Assert.Equal(expected, first.Count);
        Assert.All(first, step =>
        {
            var factors = DpmSolver.Factors(levels, step);
            var (alpha, sigma) = (levels.Alpha(step + 1), levels.Sigma(step + 1));
            Assert.Equal(sigma / levels.Sigma(step), factors.Latents, 1e-12);
            Assert.Equal(alpha - (sigma * levels.Alpha(step) / levels.Sigma(step)), factors.Now, 1e-12);
        });
    }

    /// <summary>A prediction is never read before it was written, and what is overwritten is not needed again.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void History_HoldsWhatIsRead(Sampler sampler)
    {
        var plan = new SamplingPlan(new SamplerOptions(7, 1, 1) { Sampler = sampler });
        var written = new int?[plan.Options.HistoryLength];
        foreach (var step in plan.Steps.Where(step => step.History is not null))
        {
            var history = step.History!.Value;
            // UniPC's last step is of first order, and corrects nevertheless.
            Assert.Equal(step.Index > 0 && (sampler == Sampler.UniPc || step.Index < plan.Steps.Count - 1), history.NewerFactor != 0);
            Assert.Equal(step.Index > 1 && sampler == Sampler.UniPc, history.OlderFactor != 0);
            if (step.Index > 0)
            {
                Assert.Equal(step.Index - 1, written[history.NewerSlot]);
            }

            if (history.OlderFactor != 0)
            {
                Assert.Equal(step.Index - 2, written[history.OlderSlot]);
            }

            written[history.OlderSlot] = step.Index;
        }
    }

    /// <summary>
    /// In equal steps of the logarithm of the signal-to-noise ratio: twice the steps, half the error at first order and a quarter at
    /// second. UniPC's corrector makes its order one higher (section 3.2 of the paper).
    /// </summary>
    [Theory]
    [InlineData(Sampler.Ddim, 0.95, 1.05)]
    [InlineData(Sampler.DpmPlusPlus2M, 1.9, 2.1)]
    [InlineData(Sampler.UniPc, 2.1, 3.1)]
    public void Error_FallsWithTheOrder(Sampler sampler, double least, double most)
    {
        var model = new GaussianModel(0.7, 0.6);
        var order = Math.Log2(Error(200) / Error(400));
        Assert.InRange(order, least, most);

        // The largest on the way, since the one at the end may be small by chance.
        double Error(int steps)
        {
            double[] cumulative = [.. Enumerable.Range(0, steps + 1).Select(point => 1 / (1 + Math.Exp(-2 * (-2.5 + (6.0 * point / steps)))))];
            return Play(sampler, new NoiseLevels(cumulative), (x, point) => model.Noise(x, cumulative[point]), 1.3)
                .Select((x, point) => Math.Abs(x - model.Flow(1.3, cumulative[0], cumulative[point])))
                .Max();
        }
    }

    /// <summary>
    /// The same on the timesteps that are used, the table of docs/samplers.md. The last step, which is of first order, is the longest and
    /// gets no shorter, so that second order is not quite reached.
    /// </summary>
    [Theory]
    [InlineData(Sampler.Ddim, 0.9, 1.1)]
    [InlineData(Sampler.DpmPlusPlus2M, 1.3, 2.2)]
    [InlineData(Sampler.UniPc, 1.1, 2.2)]
    public void Error_OnTheTimesteps_FallsWithTheOrder(Sampler sampler, double least, double most)
    {
        int[] steps = [5, 10, 20, 40, 100, 200];
        double[] errors = [.. steps.Select(count => ConvergenceTable.Error(sampler, count))];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{sampler}: {string.Join(", ", steps.Zip(errors, (count, error) => FormattableString.Invariant($"{count} {error:0.0e0}")))}"
        );
        Assert.InRange(Math.Log2(errors[2] / errors[3]), least, most);
        Assert.InRange(Math.Log2(errors[4] / errors[5]), least, most);
    }

    private static List<double> Play(Sampler sampler, NoiseLevels levels, Func<double, int, double> network, double x)
    {
        var (clean, points) = (new List<double> { 0, 0 }, new List<double> { x });
        for (var step = 0; step < levels.Steps; step++)
        {
            var noise = network(x, step);
            clean.Insert(0, (x - (levels.Sigma(step) * noise)) / levels.Alpha(step));
            var factors = sampler switch
            {
                Sampler.Ddim => new StepFactors(
                    levels.Sigma(step + 1) / levels.Sigma(step),
                    levels.Alpha(step + 1) - (levels.Alpha(step) * levels.Sigma(step + 1) / levels.Sigma(step))
                ),
                Sampler.DpmPlusPlus2M => DpmSolver.Factors(levels, step),
                _ => UniPcSolver.Factors(levels, step),
            };
            x = (factors.Latents * x) + (factors.Now * clean[0]) + (factors.Newer * clean[1]) + (factors.Older * clean[2]);
            points.Add(x);
        }

        return points;
    }

    private static float[][] History(SamplingPlan plan, int length) => [.. Enumerable.Range(0, plan.Options.HistoryLength).Select(_ => new float[length])];

    private static double[] Cumulative(Sampler sampler, int steps)
    {
        var timesteps = sampler == Sampler.Ddim ? new DdimSchedule(steps).Timesteps : MultistepSchedule.Timesteps(steps);
        return [.. timesteps.Append(0).Select(timestep => (double)DdimSchedule.AlphasCumulative[timestep])];
    }
}
