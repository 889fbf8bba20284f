using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Config;

public class WhisperDimensionsTests
{
    [Fact]
    public void Read_TakesWhatTheCheckpointSays() => Assert.Equal(new WhisperDimensions(80, 30, 6, 2, 2), Read());

    [Theory]
    [InlineData("n_mels", 81)]
    [InlineData("n_audio_ctx", 31)]
    [InlineData("n_audio_state", 8)]
    [InlineData("n_audio_head", 4)]
    [InlineData("n_audio_layer", 1)]
    [InlineData("n_audio_layer", 3)]
    public void Read_WhereTheWeightsSayOtherwise_IsRefused(string name, long value) => AssertRefused("contradict its weights", name, value);

    [Theory]
    [InlineData("n_mels", 0)]
    [InlineData("n_mels", 257)]
    [InlineData("n_audio_ctx", 16385)]
    [InlineData("n_audio_state", 4097)]
    [InlineData("n_audio_head", 4097)]
    [InlineData("n_audio_layer", 129)]
    [InlineData("n_mels", 80.0)]
    public void Read_OfANumberOutOfRange_IsRefused(string name, object value) => AssertRefused($"its {name} is", name, value);

    [Fact]
    public void Read_WithoutDimensions_IsRefused() => AssertRefused("does not say its n_mels", "n_mels", null);

    [Theory]
    [InlineData("encoder.conv1.weight")]
    [InlineData("encoder.positional_embedding")]
    [InlineData("encoder.blocks.1.attn.query.weight")]
    public void Read_WithoutAWeight_IsRefused(string weight) =>
        Assert.Contains("contradict", Assert.Throws<LipSyncException>(() => Read(without: weight)).Message, StringComparison.Ordinal);

    private static void AssertRefused(string expected, string name, object? value)
    {
        var error = Assert.Throws<LipSyncException>(() => Read(name, value));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static WhisperDimensions Read(string? name = null, object? value = null, string? without = null)
    {
        var dims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["n_mels"] = 80,
            ["n_audio_ctx"] = 30,
            ["n_audio_state"] = 6,
            ["n_audio_head"] = 2,
            ["n_audio_layer"] = 2,
        };
        var weights = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["encoder.conv1.weight"] = Zeros(6, 80, 3),
            ["encoder.positional_embedding"] = Zeros(30, 6),
            ["encoder.blocks.0.attn.query.weight"] = Zeros(6, 6),
            ["encoder.blocks.1.attn.query.weight"] = Zeros(6, 6),
        };
        if (name is not null)
        {
            dims[name] = value;
        }

        if (without is not null)
        {
            weights.Remove(without);
        }

        using var folder = new TemporaryFolder();
        TorchArchiveWriter.Write(
            folder.File("tiny.pt"),
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["dims"] = dims, ["model_state_dict"] = weights }
        );
        using var archive = CheckpointFile.Open(folder.File("tiny.pt"));
        return WhisperDimensions.Read(archive);
    }

    private static TorchTensor Zeros(params int[] shape) =>
        TorchTensor.Single(new float[shape.Aggregate(1, (a, b) => a * b)], [.. shape.Select(length => (long)length)]);
}
