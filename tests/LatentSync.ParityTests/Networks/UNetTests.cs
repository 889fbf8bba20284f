using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.UNet;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Networks;

public sealed class UNetTests : IDisposable
{
    // float32 against float32 with other orders of summation; the suggestion of the golden data.
    private const double Limit = 1e-4;
    private const int Clips = 2;

    // The same sums of the same numbers.
    private const double GuidedLimit = 1e-6;

    private static readonly string[] MapTaps = ["conv_in", "down0", "down0_resnet0", "down0_attn0", "down0_motion0", "down3", "mid", "up0", "up2"];

    private readonly TensorArchive _weights = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));

    private static int Timestep => (int)Npy.ReadInt64(Golden.Path("unet_tiny/timestep.npy"))[0];

    public void Dispose() => _weights.Dispose();

    [Fact]
    public void TrunkAndHead_EqualTheReference()
    {
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        var (taps, feature, noise) = Run(config, [.. MapTaps.Select(CheckpointName)]);
        for (var i = 0; i < MapTaps.Length; i++)
        {
            Compare($"unet_tiny/tap_{MapTaps[i]}", taps[i]);
        }

        Compare("unet_tiny/tap_deepcache_feature", feature);
        Compare("unet_tiny/noise_pred", noise);
    }

    [Fact]
    public void TimeEmbedding_EqualsTheReference()
    {
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        var features = new Tensor(1, config.BlockOutChannels[0]);
        TimestepFeatures.Compute(Timestep, features.Span);
        using var session = new NetworkSession(UNetGraphs.TimeEmbedding(CpuDialect.Factory, config), WeightSource.Of(_weights));
        var embedding = session.Run([(UNetGraphs.Timestep, features)], UNetGraphs.Embedding, TestContext.Current.CancellationToken);
        var expected = Golden.Tensor("unet_tiny/tap_time_embedding.npy");
        ParityTable.RelativeL2("unet_tiny/tap_time_embedding", embedding, new Tensor(expected.Row(0).ToArray(), 1, expected.Shape[1]), Limit);
    }

    [Fact]
    public void MotionModulesInTheUpBlocksOnly_EqualTheReference()
    {
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny_decoder_motion/config.yaml"));
        var (_, _, noise) = Run(config, []);
        Compare("unet_tiny_decoder_motion/noise_pred", noise);
    }

    /// <summary>Both halves of a guided step, computed once as far as they are equal, are what two clips give, one of which hears zeros.</summary>
    [Theory]
    [InlineData("unet_tiny")]
    [InlineData("unet_tiny_decoder_motion")]
    public void GuidedHalves_EqualTwoClips(string folder)
    {
        var config = UNetConfigReader.Read(Golden.Path(folder + "/config.yaml"));
        var (sample, audio) = (FrameLayout.ToFrames(Golden.Tensor("unet_tiny/sample.npy")), Golden.Tensor("unet_tiny/audio.npy"));
        audio = audio.Reshape(audio.Shape[0] * audio.Shape[1], audio.Shape[2], audio.Shape[3]);
        var frames = sample.Shape[0] / Clips;
        var (one, heard) = (First(sample, frames), First(audio, frames));
        using var network = new UNetNoisePredictor(config, WeightSource.Of(_weights), sample.Shape[2], audio.Shape[1]);
        var feature = network.DeepFeature(one, isGuided: true, Timestep, heard, TestContext.Current.CancellationToken);
        var noise = network.PredictNoise(one, isGuided: true, Timestep, heard, feature, TestContext.Current.CancellationToken);

        one.Span.CopyTo(sample.Span[one.Length..]);
        audio.Span[..heard.Length].Clear();
        heard.Span.CopyTo(audio.Span[heard.Length..]);
        var (_, expectedFeature, expectedNoise) = Run(config, [], sample, audio);
        ParityTable.RelativeL2(folder + "/guided_feature", feature, expectedFeature, GuidedLimit);
        ParityTable.RelativeL2(folder + "/guided_noise", noise, expectedNoise, GuidedLimit);
        Assert.NotEqual(noise.Row(0).ToArray(), noise.Row(frames).ToArray());
    }

    private static Tensor First(Tensor tensor, int rows)
    {
        var part = new Tensor([rows, .. tensor.Shape.Skip(1)]);
        tensor.Span[..part.Length].CopyTo(part.Span);
        return part;
    }

    private static string CheckpointName(string tap) =>
        tap switch
        {
            "conv_in" => "conv_in",
            "mid" => "mid_block",
            "down0_resnet0" => "down_blocks.0.resnets.0",
            "down0_attn0" => "down_blocks.0.attentions.0",
            "down0_motion0" => "down_blocks.0.motion_modules.0",
            _ when tap.StartsWith("down", StringComparison.Ordinal) => "down_blocks." + tap[4..],
            _ => "up_blocks." + tap[2..],
        };

    private static void Compare(string golden, Tensor actual) =>
        ParityTable.RelativeL2(golden, actual, FrameLayout.ToFrames(Golden.Tensor(golden + ".npy")), Limit);

    private (Tensor[] Taps, Tensor Feature, Tensor Noise) Run(UNetConfig config, string[] taps)
    {
        var sample = FrameLayout.ToFrames(Golden.Tensor("unet_tiny/sample.npy"));
        var audio = Golden.Tensor("unet_tiny/audio.npy");
        audio = audio.Reshape(audio.Shape[0] * audio.Shape[1], audio.Shape[2], audio.Shape[3]);
        return Run(config, taps, sample, audio);
    }

    private (Tensor[] Taps, Tensor Feature, Tensor Noise) Run(UNetConfig config, string[] taps, Tensor sample, Tensor audio)
    {
        var features = new Tensor(1, config.BlockOutChannels[0]);
        TimestepFeatures.Compute(Timestep, features.Span);
        var shape = new UNetShape(Clips, sample.Shape[2], sample.Shape[3], audio.Shape[1]);
        (string, Tensor)[] inputs = [(UNetGraphs.Sample, sample), (UNetGraphs.Timestep, features), (UNetGraphs.Audio, audio)];

        using var deep = new NetworkSession(UNetGraphs.Deep(CpuDialect.Factory, config, shape, taps), WeightSource.Of(_weights));
        using var shallow = new NetworkSession(UNetGraphs.Shallow(CpuDialect.Factory, config, shape), WeightSource.Of(_weights));
        var results = deep.Run(inputs, [.. taps, UNetGraphs.Feature], TestContext.Current.CancellationToken);
        var noise = shallow.Run([.. inputs, (UNetGraphs.Feature, results[^1])], UNetGraphs.NoisePrediction, TestContext.Current.CancellationToken);
        return (results[..^1], results[^1], noise);
    }
}
