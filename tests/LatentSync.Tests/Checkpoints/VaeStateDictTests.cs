using LatentSync.Checkpoints;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints;

public class VaeStateDictTests
{
    private const string Attention = "encoder.mid_block.attentions.0.";

    [Fact]
    public void Read_MapsLegacyNamesAndConvolutions()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder.File("old"),
            [
                new(Attention + "query.weight", TorchTensor.Single([1, 2, 3, 4], 2, 2, 1, 1)),
                new(Attention + "proj_attn.bias", TorchTensor.Single([5, 6], 2)),
                new(Attention + "group_norm.weight", TorchTensor.Single([7, 8], 2)),
                new("quant_conv.weight", TorchTensor.Single([9], 1, 1, 1, 1)),
            ]
        );
        using var archive = CheckpointFile.Open(folder.File("old"));

        var tensors = VaeStateDict.Read(archive);

        Assert.Equal([2L, 2], tensors[Attention + "to_q.weight"].Shape);
        Assert.Equal([1f, 2, 3, 4], tensors[Attention + "to_q.weight"].ToArray());
        Assert.Equal([5f, 6], tensors[Attention + "to_out.0.bias"].ToArray());
        Assert.Equal([7f, 8], tensors[Attention + "group_norm.weight"].ToArray());
        Assert.Equal([1L, 1, 1, 1], tensors["quant_conv.weight"].Shape);
        Assert.Equal(4, tensors.Count);
        Assert.All(tensors, entry => Assert.Equal(entry.Key, entry.Value.Name));
    }

    [Fact]
    public void Read_WhenBothNamingsOccur_Throws()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder.File("mixed"),
            [new(Attention + "query.weight", TorchTensor.Single([1], 1, 1)), new(Attention + "to_k.weight", TorchTensor.Single([1], 1, 1))]
        );
        using var archive = CheckpointFile.Open(folder.File("mixed"));

        Assert.Contains("mixes old and new names", Assert.Throws<LipSyncException>(() => VaeStateDict.Read(archive)).Message, StringComparison.Ordinal);
    }
}
