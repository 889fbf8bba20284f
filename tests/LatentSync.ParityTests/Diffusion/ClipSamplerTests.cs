using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Diffusion;

public sealed class ClipSamplerTests : IDisposable
{
    // Far below the 2e-2 between cache intervals 1 and 3, so a mistake in the caching cannot hide.
    private const double Limit = 1e-3;

    private readonly TensorArchive _weights = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));

    public void Dispose() => _weights.Dispose();

    [Theory]
    [InlineData(20, "1.5", 1)]
    [InlineData(20, "1.5", 3)]
    [InlineData(20, "1.5", 5)]
    [InlineData(20, "1.0", 3)]
    [InlineData(10, "2.0", 3)]
    public void Denoise_EqualsTheReference(int steps, string guidance, int cacheInterval)
    {
        var name = FormattableString.Invariant($"sampling/final_steps{steps}_g{guidance}_cache{cacheInterval}");
        var scale = float.Parse(guidance, System.Globalization.CultureInfo.InvariantCulture);
        var latents = Denoise(new SamplerOptions(steps, scale, cacheInterval), trajectory: null);
        ParityTable.RelativeL2(name, latents, FrameLayout.ToFrames(Golden.Tensor(name + ".npy")), Limit);
    }

    [Fact]
    public void Denoise_FollowsTheReferenceFromStepToStep()
    {
        const string Name = "sampling/trajectory_steps20_g1.5_cache3";
        var expected = Golden.Tensor(Name + ".npy");
        var actual = new Tensor([.. expected.Shape]);
        Denoise(new SamplerOptions(20, 1.5f, 3), actual);
        ParityTable.RelativeL2(Name, actual, expected, Limit);
    }

    private Tensor Denoise(SamplerOptions options, Tensor? trajectory)
    {
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        var mask = FrameLayout.ToFrames(Golden.Tensor("sampling/mask_latents.npy"));
        var audio = Golden.Tensor("sampling/audio.npy");
        var noise = Golden.Tensor("sampling/init_noise.npy");
        var conditions = new ClipConditions(
            mask.Reshape(mask.Shape[0], mask.Shape[2], mask.Shape[3]),
            FrameLayout.ToFrames(Golden.Tensor("sampling/masked_image_latents.npy")),
            FrameLayout.ToFrames(Golden.Tensor("sampling/ref_latents.npy")),
            audio
        );
        using var network = new UNetNoisePredictor(config, WeightSource.Of(_weights), noise.Shape[^1], audio.Shape[1]);
        return new ClipSampler(network).Denoise(
            conditions,
            new ClipNoise(noise.Reshape(noise.Shape[1], noise.Shape[3], noise.Shape[4])).Repeat(conditions.Frames),
            options,
            (step, latents) => latents.Row(0).CopyTo(trajectory is null ? new float[latents.Row(0).Length] : trajectory.Row(step - 1)),
            TestContext.Current.CancellationToken
        );
    }
}
