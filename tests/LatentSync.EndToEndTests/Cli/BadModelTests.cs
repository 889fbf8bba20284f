using System.Text;
using LatentSync.Checkpoints;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Model folders that cannot work are refused with what is wrong with them; none gives a video of noise.</summary>
public sealed class BadModelTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Models => _folder.File("models");

    private string UNet => Path.Combine(Models, "latentsync_unet.pt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FolderIsMissing() => await AssertFailsAsync(LipSyncErrorCode.InvalidModel, Models, "does not exist");

    [Fact]
    public async Task FolderIsAFile()
    {
        File.WriteAllText(Models, "a file");
        await AssertFailsAsync(LipSyncErrorCode.InvalidModel, Models, "is a file");
    }

    [Fact]
    public async Task FolderIsEmpty()
    {
        Directory.CreateDirectory(Models);
        var result = await AssertFailsAsync(
            LipSyncErrorCode.InvalidModel,
            Models,
            "latentsync_unet.pt",
            "diffusion_pytorch_model.safetensors",
            "whisper/tiny.pt"
        );
        Assert.Contains("looked for:", result.ErrorLines);
    }

    [Fact]
    public async Task WhisperIsMissing()
    {
        GoldenModelFolder.Create(Models);
        File.Delete(Path.Combine(Models, "whisper", "tiny.pt"));
        await AssertFailsAsync(LipSyncErrorCode.InvalidModel, Models, "lacks Whisper (whisper/tiny.pt);");
    }

    [Fact]
    public async Task WeightIsNaN()
    {
        GoldenModelFolder.Create(Models);
        SetFirstValue("up_blocks.0.resnets.0.conv1.weight", float.NaN);
        await AssertFailsAsync(LipSyncErrorCode.InvalidModel, UNet, "up_blocks.0.resnets.0.conv1.weight", "not finite");
    }

    [Fact]
    public async Task WeightIsFiniteButOverflows()
    {
        GoldenModelFolder.Create(Models);
        SetFirstValue("conv_in.bias", float.MaxValue);
        await AssertFailsAsync(LipSyncErrorCode.InferenceFailed, "NaN or infinite");
    }

    [Fact]
    public async Task KeyIsMissing()
    {
        GoldenModelFolder.Create(Models);
        var bytes = File.ReadAllBytes(UNet);
        var name = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("conv_norm_out.bias"));
        bytes[name] = (byte)'k';
        File.WriteAllBytes(UNet, bytes);
        await AssertFailsAsync(LipSyncErrorCode.InvalidModel, UNet, "lacks conv_norm_out.bias", "has besides konv_norm_out.bias");
    }

    [Fact]
    public async Task CheckpointIsCutOff()
    {
        GoldenModelFolder.Create(Models);
        var bytes = File.ReadAllBytes(UNet);
        File.WriteAllBytes(UNet, bytes[..(bytes.Length / 2)]);
        await AssertFailsAsync(LipSyncErrorCode.InvalidModel, UNet);
    }

    [Fact]
    public async Task ConfigurationIsOfAnotherShape()
    {
        GoldenModelFolder.Create(Models);
        var path = Path.Combine(Models, "config.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("cross_attention_dim: 384", "cross_attention_dim: 768", StringComparison.Ordinal));
        await AssertFailsAsync(LipSyncErrorCode.InvalidModel, Models);
    }

    private async Task<CliResult> AssertFailsAsync(LipSyncErrorCode code, params string[] parts)
    {
        var folder = Directory.CreateDirectory(_folder.File("out")).FullName;
        var result = await CliRun.RunAsync(
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            samples.Sound,
            "--out",
            Path.Combine(folder, "result.mp4"),
            "--models",
            Models,
            "--inference-steps",
            "1"
        );
        result.AssertFailed(code, parts);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        return result;
    }

    private void SetFirstValue(string weight, float value)
    {
        long offset;
        using (var archive = CheckpointFile.Open(UNet))
        {
            offset = archive.Tensors[weight].FileOffset;
        }

        using var file = File.OpenWrite(UNet);
        file.Position = offset;
        file.Write(BitConverter.GetBytes(value));
    }
}
