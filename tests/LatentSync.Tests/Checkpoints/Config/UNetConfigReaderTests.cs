using LatentSync.Checkpoints.Config;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints.Config;

public class UNetConfigReaderTests
{
    private const string Public = """
        data:
          num_frames: 8
          resolution: 512
          audio_feat_length: [2, 2]
          batch_size: 1 # ignored
        run:
          guidance_scale: 1.5 # [1.0 - 3.0]
          inference_steps: 20
        optimizer:
          lr: 1e-5
        model:
          act_fn: silu
          add_audio_layer: true
          attention_head_dim: 8
          block_out_channels: [320, 640, 1280, 1280]
          center_input_sample: false
          cross_attention_dim: 384
          down_block_types:
            [
              "CrossAttnDownBlock3D",
              "CrossAttnDownBlock3D",
              "CrossAttnDownBlock3D",
              "DownBlock3D",
            ]
          mid_block_type: UNetMidBlock3DCrossAttn
          up_block_types: ["UpBlock3D", "CrossAttnUpBlock3D", "CrossAttnUpBlock3D", "CrossAttnUpBlock3D"]
          downsample_padding: 1
          flip_sin_to_cos: true
          freq_shift: 0
          in_channels: 13 # 49
          layers_per_block: 2
          mid_block_scale_factor: 1
          norm_eps: 1e-5
          norm_num_groups: 32
          out_channels: 4
          resnet_time_scale_shift: default
          use_motion_module: true
          motion_module_resolutions: [1, 2, 4, 8]
          motion_module_mid_block: false
          motion_module_decoder_only: false
          motion_module_type: Vanilla
          motion_module_kwargs:
            num_attention_heads: 8
            num_transformer_block: 1
            attention_block_types: [Temporal_Self, Temporal_Self]
            temporal_position_encoding: true
            temporal_position_encoding_max_len: 24
            temporal_attention_dim_div: 1
            zero_initialize: true

        """;

    [Fact]
    public void Read_OfThePublicFile_GivesTheBuiltInConfiguration()
    {
        var read = Read(Public);
        var builtIn = UNetConfig.Public(384) with { Resolution = 512, NumFrames = 8 };

        Assert.Equivalent(builtIn, read, strict: true);
        Assert.Equal([UNetBlockKind.CrossAttention, UNetBlockKind.CrossAttention, UNetBlockKind.CrossAttention, UNetBlockKind.Convolution], read.DownBlocks);
        Assert.Equal(1e-5, read.NormEpsilon);
    }

    [Theory]
    [InlineData("act_fn: silu", "act_fn: gelu", "model.act_fn to gelu instead of silu")]
    [InlineData("motion_module_type: Vanilla", "motion_module_type: Sparse", "Vanilla")]
    [InlineData("motion_module_mid_block: false", "motion_module_mid_block: true", "model.motion_module_mid_block to true")]
    [InlineData("[Temporal_Self, Temporal_Self]", "[Temporal_Self, Temporal_Cross]", "to Temporal_Cross")]
    [InlineData("\"DownBlock3D\"", "\"AttnDownBlock3D\"", "to AttnDownBlock3D")]
    [InlineData("[\"UpBlock3D\", ", "[", "as long as block_out_channels")]
    [InlineData("resnet_time_scale_shift: default", "resnet_time_scale_shift: scale_shift", "instead of default")]
    [InlineData("layers_per_block: 2", "layers_per_block: 99", "an integer from 1 to 8")]
    [InlineData("layers_per_block: 2", "layers_per_block: '2'", "an integer from 1 to 8")]
    [InlineData("layers_per_block: 2", "layers_per_block: 2.5", "an integer from 1 to 8")]
    [InlineData("layers_per_block: 2", "", "lacks model.layers_per_block")]
    [InlineData("norm_num_groups: 32", "norm_num_groups: 33", "multiple of norm_num_groups")]
    [InlineData("num_attention_heads: 8", "num_attention_heads: 7", "divisor of block_out_channels")]
    [InlineData("norm_eps: 1e-5", "norm_eps: .nan", "a number")]
    [InlineData("norm_eps: 1e-5", "norm_eps: NaN", "a number from")]
    [InlineData("resolution: 512", "resolution: 500", "a multiple of 64")]
    [InlineData("resolution: 512", "resolution: 1000000", "an integer from 64 to 2048")]
    [InlineData("guidance_scale: 1.5", "guidance_scale: [1, 2]", "a number")]
    [InlineData("use_motion_module: true", "use_motion_module: maybe", "true or false")]
    [InlineData("layers_per_block: 2", "layers_per_block: 2\n  layers_per_block: 2", "twice")]
    [InlineData("data:", "data: 5\ndata2:", "a group of settings")]
    public void Read_OfAnUnsupportedValue_NamesIt(string original, string changed, string expected)
    {
        Assert.Contains(original, Public, StringComparison.Ordinal);
        var error = Assert.Throws<LipSyncException>(() => Read(Public.Replace(original, changed, StringComparison.Ordinal)));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- 1")]
    [InlineData("just text")]
    [InlineData("a: [1, 2")]
    [InlineData("a: &x [1]\nb: *x")]
    [InlineData("? [a]\n: b")]
    [InlineData("a: \"\\ud800\"\n\t- x")]
    public void Read_OfNoUsableYaml_Throws(string text) => Assert.Equal(LipSyncErrorCode.InvalidModel, Assert.Throws<LipSyncException>(() => Read(text)).Code);

    [Fact]
    public void Read_OfABomb_ThrowsQuickly()
    {
        Assert.Contains("depth", Assert.Throws<LipSyncException>(() => Read("a: " + new string('[', 500_000))).Message, StringComparison.Ordinal);
        Assert.Contains("1 MiB", Assert.Throws<LipSyncException>(() => Read(new string('#', (1 << 20) + 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfRandomlyChangedText_OnlyThrowsLipSyncException()
    {
        var random = new Random(11);
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var text = Public.ToCharArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, 128);
            }

            try
            {
                Assert.NotNull(Read(new string(text)));
            }
            catch (LipSyncException error)
            {
                Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
                refused++;
            }
        }

        Assert.InRange(refused, 1, 299);
    }

    [Fact]
    public void MotionModules_AreWhereTheResolutionsSay()
    {
        var motion = UNetConfig.Public(384).MotionModule! with { Resolutions = [1, 8] };
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(motion.InDownBlock));
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(index => motion.InUpBlock(index, 4)));
        Assert.False((motion with { DecoderOnly = true }).InDownBlock(0));
        Assert.True((motion with { DecoderOnly = true }).InUpBlock(3, 4));
    }

    private static UNetConfig Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.yaml"), text);
        return UNetConfigReader.Read(folder.File("config.yaml"));
    }
}
