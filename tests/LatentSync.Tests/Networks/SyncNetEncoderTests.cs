using System.Security.Cryptography;
using System.Text;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.SyncNet;
using LatentSync.Scoring;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Networks;

public sealed class SyncNetEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The state dict of the public class for the public configuration: "NAME [SHAPE]" of each tensor, sorted, joined by
    /// newlines, and its SHA-256.
    /// </summary>
    [Fact]
    public void Weights_AreThoseOfThePublicConfiguration()
    {
        var weights = SyncNetCheckpoint.Weights(
            SyncNetCheckpoint.PublicVisual([64, 128, 256, 256, 512, 1024, 2048, 2048]),
            SyncNetCheckpoint.PublicAudio([32, 64, 128, 256, 512, 1024, 2048])
        );
        Assert.Equal(266, weights.Count);
        Assert.Equal(401_306_080, weights.Sum(weight => weight.Shape.Aggregate(1L, (product, length) => product * length)));
        var lines = weights.Select(weight => $"{weight.Name} [{string.Join(", ", weight.Shape)}]").Order(StringComparer.Ordinal);
        Assert.Equal(
            "7a95fa906c890cbbabd93ea7cc72ef21d9aac45efde7d065bc55d6cd1eb62ce8",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', lines))))
        );
    }

    [Fact]
    public void Encoders_AreReadFromTheCheckpoint()
    {
        using var archive = Write(SyncNetCheckpoint.StateDict());
        AssertEqual(SyncNetCheckpoint.Visual, SyncNetEncoder.Visual(archive));
        AssertEqual(SyncNetCheckpoint.Audio, SyncNetEncoder.Audio(archive));
    }

    [Fact]
    public void AnotherNetwork_IsRefused()
    {
        using var archive = Write(new(StringComparer.Ordinal) { ["conv_in.weight"] = TorchTensor.Single([1, 2], 2) });
        AssertRefused("is not a checkpoint of LatentSync's SyncNet", () => SyncNetEncoder.Visual(archive));
    }

    [Fact]
    public void SyncNetOfLatents_IsRefused()
    {
        var weights = SyncNetCheckpoint.StateDict();
        weights["visual_encoder.conv_in.weight"] = TorchTensor.Single(new float[32 * 64 * 9], 32, 64, 3, 3);
        using var archive = Write(weights);
        AssertRefused("visual_encoder takes 64 channels instead of 48", () => SyncNetEncoder.Visual(archive));
    }

    [Fact]
    public void AnotherNumberOfLevels_IsRefused()
    {
        var weights = SyncNetCheckpoint.StateDict();
        weights.Remove("audio_encoder.down_blocks.8.conv1.weight");
        using var archive = Write(weights);
        AssertRefused("audio_encoder has 6 levels instead of 7", () => SyncNetEncoder.Audio(archive));
    }

    [Fact]
    public void ChannelsThatNoGroupNormTakes_AreRefused()
    {
        var weights = SyncNetCheckpoint.StateDict();
        weights["audio_encoder.down_blocks.0.conv1.weight"] = TorchTensor.Single(new float[33 * 32 * 9], 33, 32, 3, 3);
        using var archive = Write(weights);
        AssertRefused("a level of 33 channels", () => SyncNetEncoder.Audio(archive));
    }

    [Fact]
    public void MissingWeight_IsOneClearSentence()
    {
        var weights = SyncNetCheckpoint.StateDict();
        weights.Remove("visual_encoder.norm_out.bias");
        Write(weights).Dispose();
        AssertRefused("lacks visual_encoder.norm_out.bias [256];", () =>
            new SyncNet(_folder.File("syncnet.pt"), TestContext.Current.CancellationToken).Dispose()
        );
    }

    [Fact]
    public void WeightThatIsNoNumber_IsRefused()
    {
        var weights = SyncNetCheckpoint.StateDict();
        weights["audio_encoder.norm_out.bias"] = TorchTensor.Single([.. Enumerable.Repeat(float.NaN, 256)], 256);
        Write(weights).Dispose();
        AssertRefused("audio_encoder.norm_out.bias holds values that are not finite", () =>
            new SyncNet(_folder.File("syncnet.pt"), TestContext.Current.CancellationToken).Dispose()
        );
    }

    private TensorArchive Write(Dictionary<string, object?> weights)
    {
        SyncNetCheckpoint.Write(_folder.File("syncnet.pt"), weights);
        return CheckpointFile.Open(_folder.File("syncnet.pt"));
    }

    private void AssertRefused(string part, Action action)
    {
        var error = Assert.Throws<LipSyncException>(action);
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{_folder.File("syncnet.pt")}\"", error.Message, StringComparison.Ordinal);
    }

    private static void AssertEqual(SyncNetEncoder expected, SyncNetEncoder actual)
    {
        Assert.Equal(expected with { Blocks = [] }, actual with { Blocks = [] });
        Assert.Equal(expected.Blocks, actual.Blocks);
    }
}
