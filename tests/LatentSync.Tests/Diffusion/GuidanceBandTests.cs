using LatentSync.Diffusion;
using LatentSync.Tensors;

namespace LatentSync.Tests.Diffusion;

/// <summary>Guidance in a part of the steps: which halves the network is asked for, and what comes of it.</summary>
public class GuidanceBandTests
{
    private const int Frames = 2;
    private const int Size = 2;

    [Theory]
    [InlineData(10, 0.0, 1.0, "gggggggggg")]
    [InlineData(10, 0.0, 0.5, "ggggg-----")]
    [InlineData(10, 0.3, 0.7, "---gggg---")]
    [InlineData(10, 0.25, 0.75, "--ggggg---")]
    [InlineData(4, 0.5, 1.0, "--gg")]
    [InlineData(3, 0.0, 0.5, "g--")]
    [InlineData(1, 0.6, 1.0, "-")]
    public void Step_IsGuided_IfItsMiddleLiesInTheBand(int steps, double from, double to, string expected)
    {
        var options = new SamplerOptions(steps, 1.5f, 3) { GuidanceFrom = from, GuidanceTo = to };
        Assert.Equal(expected, string.Concat(new SamplingPlan(options).Steps.Select(step => step.IsGuided ? 'g' : '-')));
        Assert.Equal(expected.Contains('g', StringComparison.Ordinal), options.UsesGuidance);
        Assert.Equal(expected.Contains('g', StringComparison.Ordinal) && expected.Contains('-', StringComparison.Ordinal), options.MixesGuidance);
        Assert.All(new SamplingPlan(options with { GuidanceScale = 1 }).Steps, step => Assert.False(step.IsGuided));
    }

    /// <summary>What the deep part left behind is of as many clips as ran: a stretch with other clips begins anew.</summary>
    [Theory]
    [InlineData(0.0, 1.0, 3, "f--f--f--f")]
    [InlineData(0.3, 0.7, 3, "f--f--ff--")]
    [InlineData(0.2, 0.4, 5, "f-f-f----f")]
    [InlineData(0.0, 0.5, 10, "f----f----")]
    public void EachStretch_BeginsWithAFullStep(double from, double to, int interval, string expected)
    {
        var plan = new SamplingPlan(new SamplerOptions(10, 1.5f, interval) { GuidanceFrom = from, GuidanceTo = to });
        Assert.Equal(expected, string.Concat(plan.Steps.Select(step => step.IsFull ? 'f' : '-')));
    }

    [Fact]
    public void Network_IsAskedForTheSilentHalf_InTheBandOnly()
    {
        var network = new Listener();
        Denoise(network, new SamplerOptions(6, 2, 2) { GuidanceFrom = 0.3, GuidanceTo = 0.7 });
        Assert.Equal(["deep h", "h", "h", "deep s", "s", "deep h", "h", "s", "h", "deep h", "h", "h"], network.Asked);
    }

    [Theory]
    [InlineData(Sampler.Ddim)]
    [InlineData(Sampler.DpmPlusPlus2M)]
    [InlineData(Sampler.UniPc)]
    public void Noise_IsGuidedInTheBandOnly(Sampler sampler)
    {
        var options = new SamplerOptions(5, 2, 2)
        {
            Sampler = sampler,
            GuidanceFrom = 0.2,
            GuidanceTo = 0.6,
        };
        var latents = new float[] { 1 };
        float[][] history = [new float[1], new float[1]];
        foreach (var step in new SamplingPlan(options).Steps)
        {
            // e0 + g (e1 - e0) with e0 = 0.2, e1 = 0.6, g = 2.
            step.Advance([step.Index is 1 or 2 ? 1f : 0.6f], latents, history);
        }

        Assert.All(Denoise(new Listener(), options).Data, value => Assert.Equal(latents[0], value, 1e-5));
    }

    /// <summary>Halves that run one after the other give what they give side by side.</summary>
    [Fact]
    public void BandOfNearlyAllSteps_BeginsLikeGuidanceEverywhere()
    {
        var (everywhere, nearly) = (new List<float>(), new List<float>());
        Denoise(new Listener(), new SamplerOptions(8, 1.7f, 3), everywhere);
        Denoise(new Listener(), new SamplerOptions(8, 1.7f, 3) { GuidanceTo = 0.9 }, nearly);
        Assert.Equal(everywhere[..7], nearly[..7]);
        Assert.NotEqual(everywhere[7], nearly[7]);
    }

    private static Tensor Denoise(INoisePredictor network, SamplerOptions options, List<float>? told = null)
    {
        var conditions = new ClipConditions(
            new Tensor(Frames, Size, Size),
            new Tensor(Frames, 4, Size, Size),
            new Tensor(Frames, 4, Size, Size),
            Ones(Frames, 5, 6)
        );
        return new ClipSampler(network).Denoise(
            conditions,
            Ones(Frames, 4, Size, Size),
            options,
            (_, latents) => told?.Add(latents.Data[0]),
            CancellationToken.None
        );
    }

    private static Tensor Ones(params int[] shape)
    {
        var tensor = new Tensor(shape);
        tensor.Span.Fill(1);
        return tensor;
    }

    /// <summary>Predicts 0.2 for a clip that hears silence and 0.6 for one that hears something, and keeps what it was asked.</summary>
    private sealed class Listener : INoisePredictor
    {
        public List<string> Asked { get; } = [];

        public Tensor DeepFeature(Tensor sample, bool isGuided, int timestep, Tensor audio, CancellationToken cancellationToken)
        {
            Asked.Add($"deep {Heard(isGuided, audio)}");
            return new Tensor(Images(isGuided, sample), 1);
        }

        public Tensor PredictNoise(Tensor sample, bool isGuided, int timestep, Tensor audio, Tensor deepFeature, CancellationToken cancellationToken)
        {
            Assert.Equal(Images(isGuided, sample), deepFeature.Shape[0]);
            var heard = Heard(isGuided, audio);
            Asked.Add(heard);
            var noise = new Tensor(Images(isGuided, sample), 4, Size, Size);
            for (var row = 0; row < noise.Shape[0]; row++)
            {
                noise.Row(row).Fill(heard[row / sample.Shape[0]] == 's' ? 0.2f : 0.6f);
            }

            return noise;
        }

        private static int Images(bool isGuided, Tensor sample) => isGuided ? 2 * sample.Shape[0] : sample.Shape[0];

        private static string Heard(bool isGuided, Tensor audio) => (isGuided ? "s" : string.Empty) + (audio.Row(0)[0] == 0 ? 's' : 'h');
    }
}
