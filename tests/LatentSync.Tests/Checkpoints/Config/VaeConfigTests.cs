using LatentSync.Checkpoints.Config;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints.Config;

public class VaeConfigTests
{
    private const string Public =
        """{"_class_name":"AutoencoderKL","act_fn":"silu","block_out_channels":[128,256,512,512],"in_channels":3,"""
        + """ "latent_channels":4,"layers_per_block":2,"norm_num_groups":32,"out_channels":3}""";

    [Fact]
    public void Read_TakesTheFactorsOfStableDiffusion_IfTheFileHasNone()
    {
        var config = Read(Public);
        Assert.Equal([128, 256, 512, 512], config.BlockOutChannels);
        Assert.Equal((2, 4, 32), (config.LayersPerBlock, config.LatentChannels, config.NormGroups));
        Assert.Equal((0.18215, 0.0), (config.ScalingFactor, config.ShiftFactor));
    }

    [Fact]
    public void Read_TakesTheFileFactors()
    {
        var config = Read(Public.Replace("\"act_fn\"", "\"scaling_factor\":0.5,\"shift_factor\":-1,\"act_fn\"", StringComparison.Ordinal));
        Assert.Equal((0.5, -1.0), (config.ScalingFactor, config.ShiftFactor));
        Assert.Equal(0, Read(Public.Replace("\"act_fn\"", "\"shift_factor\":null,\"act_fn\"", StringComparison.Ordinal)).ShiftFactor);
    }

    [Theory]
    [InlineData("silu", "gelu", "act_fn to gelu")]
    [InlineData("AutoencoderKL", "AsymmetricAutoencoderKL", "instead of AutoencoderKL")]
    [InlineData("\"in_channels\":3", "\"in_channels\":4", "in_channels to 4")]
    [InlineData("\"act_fn\"", "\"use_quant_conv\":false,\"act_fn\"", "use_quant_conv to false")]
    [InlineData("\"act_fn\"", "\"down_block_types\":[\"AttnDownEncoderBlock2D\"],\"act_fn\"", "AttnDownEncoderBlock2D")]
    [InlineData("[128,256,512,512]", "[]", "a list of 1 to 6")]
    [InlineData("[128,256,512,512]", "[128,100]", "multiple of norm_num_groups")]
    [InlineData("\"latent_channels\":4", "\"latent_channels\":\"4\"", "an integer")]
    [InlineData("\"latent_channels\":4,", "", "lacks latent_channels")]
    [InlineData("\"act_fn\"", "\"act_fn\":\"silu\",\"act_fn\"", "twice")]
    [InlineData("}", "", "well-formed JSON")]
    public void Read_OfAnUnsupportedValue_NamesIt(string original, string changed, string expected)
    {
        var error = Assert.Throws<LipSyncException>(() => Read(Public.Replace(original, changed, StringComparison.Ordinal)));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfDeepJson_Throws() =>
        Assert.Contains("JSON", Assert.Throws<LipSyncException>(() => Read(new string('[', 100_000))).Message, StringComparison.Ordinal);

    private static VaeConfig Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), text);
        return VaeConfig.Read(folder.File("config.json"));
    }
}
