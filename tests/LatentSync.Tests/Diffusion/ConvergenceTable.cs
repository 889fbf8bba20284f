using LatentSync.Diffusion;

namespace LatentSync.Tests.Diffusion;

/// <summary>How far the samplers are from the flow that they approximate, on the timesteps that are used.</summary>
internal static class ConvergenceTable
{
    private const int Starts = 40;

    // A mean and a deviation of data of the size that latents have.
    private static readonly GaussianModel Model = new(0.7, 1);

    /// <summary>Root of the mean square of the error at the end, over starts of variance 1.</summary>
    public static double Error(Sampler sampler, int steps)
    {
        var plan = new SamplingPlan(new SamplerOptions(steps, 1, 1) { Sampler = sampler });
        var sum = 0.0;
        for (var start = 0; start < Starts; start++)
        {
            // Where the middles of equal shares of a normal distribution lie, about.
            var x = Math.Log((start + 0.5) / (Starts - start - 0.5)) * 0.5513;
            float[] latents = [(float)x];
            float[][] history = [new float[1], new float[1]];
            foreach (var step in plan.Steps)
            {
                step.Advance([(float)Model.Noise(latents[0], DdimSchedule.AlphasCumulative[step.Timestep])], latents, history);
            }

            double begin = DdimSchedule.AlphasCumulative[plan.Steps[0].Timestep];
            sum += Math.Pow(latents[0] - Model.Flow((float)x, begin, DdimSchedule.AlphasCumulative[0]), 2);
        }

        return Math.Sqrt(sum / Starts);
    }
}
