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

    private static readonly string[] MapTaps = ["conv_in", "down0", "down0_resnet0", "down0_attn0", "down0_motion0", "down3", "mid", "up0", "up2"];

    private readonly TensorArchive _weights = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));

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
        var timestep = (int)Npy.ReadInt64(Golden.Path("unet_tiny/timestep.npy"))[0];
        var features = new Tensor(1, config.BlockOutChannels[0]);
        TimestepFeatures.Compute(timestep, features.Span);
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
        var timestep = (int)Npy.ReadInt64(Golden.Path("unet_tiny/timestep.npy"))[0];
        var features = new Tensor(1, config.BlockOutChannels[0]);
        TimestepFeatures.Compute(timestep, features.Span);
        var shape = new UNetShape(Clips, sample.Shape[2], sample.Shape[3], audio.Shape[1]);
        (string, Tensor)[] inputs = [(UNetGraphs.Sample, sample), (UNetGraphs.Timestep, features), (UNetGraphs.Audio, audio)];

        using var deep = new NetworkSession(UNetGraphs.Deep(CpuDialect.Factory, config, shape, taps), WeightSource.Of(_weights));
        using var shallow = new NetworkSession(UNetGraphs.Shallow(CpuDialect.Factory, config, shape), WeightSource.Of(_weights));
        var results = deep.Run(inputs, [.. taps, UNetGraphs.Feature], TestContext.Current.CancellationToken);
        var noise = shallow.Run([.. inputs, (UNetGraphs.Feature, results[^1])], UNetGraphs.NoisePrediction, TestContext.Current.CancellationToken);
        return (results[..^1], results[^1], noise);
    }
}
