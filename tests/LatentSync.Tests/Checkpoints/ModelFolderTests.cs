using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints;

/// <summary>Folders of networks that have nothing but the few weights the checks look at.</summary>
public sealed class ModelFolderTests : IDisposable
{
    private const string VaeConfiguration = """{"block_out_channels":[32],"latent_channels":4,"layers_per_block":1}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("latentsync_unet.pt", "whisper/tiny.pt", "vae/diffusion_pytorch_model.safetensors")]
    [InlineData("latentsync_unet.pt", "whisper/tiny.pt", "sd-vae-ft-mse/diffusion_pytorch_model.bin")]
    [InlineData("latentsync_unet.safetensors", "whisper/tiny.pt", "stabilityai/sd-vae-ft-mse/diffusion_pytorch_model.safetensors")]
    [InlineData("checkpoints/latentsync_unet.pt", "checkpoints/whisper/tiny.pt", "checkpoints/vae/diffusion_pytorch_model.safetensors")]
    public void Open_FindsThePartsInEveryLayout(string unet, string whisper, string vae)
    {
        WriteUNet(unet);
        WriteWhisper(whisper, 384);
        WriteVae(vae);

        var model = ModelFolder.Open(_folder.Path);

        Assert.Equal(Place(unet), model.UNetPath);
        Assert.Equal(Place(whisper), model.WhisperPath);
        Assert.Equal(Place(vae), model.VaePath);
        Assert.Null(model.UNetConfigPath);
        Assert.Equivalent(UNetConfig.Public(384), model.UNet, strict: true);
        Assert.Null(model.Resolution);
    }

    [Fact]
    public void Open_TakesWhisperSmall_ForAWideUNet()
    {
        WriteUNet("latentsync_unet.pt", audioWidth: 768);
        WriteWhisper("whisper/tiny.pt", 384);
        WriteWhisper("whisper/small.pt", 768);
        WriteVae("vae/diffusion_pytorch_model.safetensors");

        var model = ModelFolder.Open(_folder.Path);

        Assert.Equal(768, model.UNet.CrossAttentionDim);
        Assert.Equal(Place("whisper/small.pt"), model.WhisperPath);
    }

    [Theory]
    [InlineData("config.yaml", 128)]
    [InlineData("configs/unet/stage2_512.yaml", 512)]
    [InlineData("configs/unet/stage2.yaml", 256)]
    public void Open_TakesTheResolutionOfTheOnlyConfiguration(string config, int resolution)
    {
        WriteAll();
        WriteConfig(config, resolution);

        var model = ModelFolder.Open(_folder.Path);

        Assert.Equal(Place(config), model.UNetConfigPath);
        Assert.Equal(resolution, model.Resolution);
    }

    [Fact]
    public void Open_WhenTheRepositoryHasBothConfigurations_LeavesTheResolutionOpen()
    {
        WriteAll();
        WriteConfig("configs/unet/stage2_512.yaml", 512);
        WriteConfig("configs/unet/stage2.yaml", 256);

        Assert.Null(ModelFolder.Open(_folder.Path).Resolution);
    }

    [Fact]
    public void Open_WhenTheFolderIsNamed_TakesItsConfiguration()
    {
        WriteAll("LatentSync-1.5/");
        WriteConfig("LatentSync-1.5/configs/unet/stage2_512.yaml", 512);
        WriteConfig("LatentSync-1.5/configs/unet/stage2.yaml", 256);

        var model = ModelFolder.Open(Place("LatentSync-1.5"));

        Assert.Equal(Place("LatentSync-1.5/configs/unet/stage2.yaml"), model.UNetConfigPath);
        Assert.Equal(("1.5", 256), (model.Version.Version, model.Resolution));
    }

    [Fact]
    public void Open_OfAnEmptyFolder_ListsWhatWasLookedFor()
    {
        var error = Assert.Throws<LipSyncException>(() => ModelFolder.Open(_folder.Path));

        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains("lacks the UNet (latentsync_unet.pt) and the VAE", error.Message, StringComparison.Ordinal);
        Assert.Contains("and Whisper", error.Message, StringComparison.Ordinal);
        Assert.Contains(Place("stabilityai/sd-vae-ft-mse/diffusion_pytorch_model.bin"), error.Detail, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<LipSyncException>(() => ModelFolder.Open(Place("none"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenWhisperHasAnotherWidth_Throws()
    {
        WriteUNet("latentsync_unet.pt");
        WriteWhisper("whisper/tiny.pt", 768);
        WriteVae("vae/diffusion_pytorch_model.safetensors");
        AssertRefused("gives audio tokens of width 768, but the UNet needs 384; use whisper/tiny.pt");
    }

    [Fact]
    public void Open_WhenWhisperHasOtherMelBands_Throws()
    {
        WriteUNet("latentsync_unet.pt");
        WriteWhisper("whisper/tiny.pt", 384, mels: 128);
        WriteVae("vae/diffusion_pytorch_model.safetensors");
        AssertRefused("128 mel bands");
    }

    [Fact]
    public void Open_WhenTheVaeHasOtherLatents_Throws()
    {
        WriteUNet("latentsync_unet.pt");
        WriteWhisper("whisper/tiny.pt", 384);
        WriteVae("vae/diffusion_pytorch_model.safetensors", latents: 16);
        AssertRefused("has 16 latent channels");
    }

    [Fact]
    public void Open_WhenTheVaeContradictsItsConfiguration_Throws()
    {
        WriteAll();
        File.WriteAllText(Place("vae/config.json"), VaeConfiguration.Replace("[32]", "[64]", StringComparison.Ordinal));
        AssertRefused("has other channels");
    }

    [Fact]
    public void Open_WhenTheVaeHasNoConfiguration_Throws()
    {
        WriteAll();
        File.Delete(Place("vae/config.json"));
        AssertRefused("config.json\" does not exist");
    }

    [Fact]
    public void Open_WhenTheUNetContradictsItsConfiguration_Throws()
    {
        WriteAll();
        WriteConfig("config.yaml", 512, audioWidth: 768);
        AssertRefused("listens to audio tokens of width 384");
        WriteConfig("config.yaml", 512, channels: "[32, 32, 64, 64]");
        AssertRefused("has other channels");
    }

    [Fact]
    public void Open_WhenTheUNetIsAnotherNetwork_Throws()
    {
        WriteAll();
        TorchArchiveWriter.Write(Place("latentsync_unet.pt"), CheckpointFiles.TwoTensors());
        AssertRefused("not a LatentSync UNet");
    }

    private void AssertRefused(string expected)
    {
        var error = Assert.Throws<LipSyncException>(() => ModelFolder.Open(_folder.Path));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private void WriteAll(string root = "")
    {
        WriteUNet(root + "latentsync_unet.pt");
        WriteWhisper(root + "whisper/tiny.pt", 384);
        WriteVae(root + "vae/diffusion_pytorch_model.safetensors");
    }

    private void WriteUNet(string name, int audioWidth = 384) =>
        WriteWeights(
            name,
            new(StringComparer.Ordinal)
            {
                ["conv_in.weight"] = Zeros(320, 13, 3, 3),
                ["down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight"] = Zeros(320, audioWidth),
                ["conv_out.weight"] = Zeros(4, 320, 3, 3),
            }
        );

    private void WriteVae(string name, int latents = 4)
    {
        WriteWeights(
            name,
            new(StringComparer.Ordinal) { ["encoder.conv_in.weight"] = Zeros(32, 3, 3, 3), ["decoder.conv_in.weight"] = Zeros(32, latents, 3, 3) }
        );
        var config = VaeConfiguration.Replace(":4", ":" + latents.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(Place(name))!, "config.json"), config);
    }

    private void WriteWhisper(string name, int width, int mels = 80)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(name))!);
        TorchArchiveWriter.Write(
            Place(name),
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["dims"] = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["n_mels"] = mels,
                    ["n_audio_ctx"] = 1500,
                    ["n_audio_state"] = width,
                    ["n_audio_head"] = 6,
                    ["n_audio_layer"] = 1,
                },
                ["model_state_dict"] = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["encoder.conv1.weight"] = Zeros(width, mels, 3),
                    ["encoder.positional_embedding"] = Zeros(1500, width),
                    ["encoder.blocks.0.attn.query.weight"] = Zeros(width, width),
                },
            }
        );
    }

    private void WriteWeights(string name, Dictionary<string, object?> weights)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(name))!);
        if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            SafetensorsWriter.Write(Place(name), weights.Select(entry => KeyValuePair.Create(entry.Key, (TorchTensor)entry.Value!)));
        }
        else
        {
            TorchArchiveWriter.Write(Place(name), weights);
        }
    }

    private void WriteConfig(string name, int resolution, int audioWidth = 384, string channels = "[320, 640, 1280, 1280]")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(name))!);
        File.WriteAllText(
            Place(name),
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $$"""
                data: { resolution: {{resolution}} }
                model:
                  block_out_channels: {{channels}}
                  layers_per_block: 2
                  attention_head_dim: 8
                  cross_attention_dim: {{audioWidth}}
                  in_channels: 13
                  out_channels: 4
                  norm_num_groups: 32
                  norm_eps: 1e-5
                  down_block_types: [CrossAttnDownBlock3D, CrossAttnDownBlock3D, CrossAttnDownBlock3D, DownBlock3D]
                  up_block_types: [UpBlock3D, CrossAttnUpBlock3D, CrossAttnUpBlock3D, CrossAttnUpBlock3D]
                """
            )
        );
    }

    private static TorchTensor Zeros(params long[] shape) => new(TensorDataType.Float16, shape, new byte[TensorLayout.ElementCount(shape) * 2]);

    private string Place(string name) => Path.GetFullPath(Path.Combine(_folder.Path, name));
}
