using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Verification;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Verification;

public sealed class StateDictVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TensorArchive _archive;

    public StateDictVerifierTests()
    {
        var root = CheckpointFiles.TwoTensors();
        root["steps"] = new TorchTensor(TensorDataType.Int64, [1], new byte[8]);
        TorchArchiveWriter.Write(_folder.File("m.pt"), root);
        _archive = CheckpointFile.Open(_folder.File("m.pt"));
    }

    private static TensorSpec[] Exact => [new("a.weight", [2, 3]), new("a.bias", [3])];

    public void Dispose()
    {
        _archive.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Verify_WhenAllFits_DoesNothing()
    {
        var asked = new List<string>();
        StateDictVerifier.Verify(_archive, Exact, name =>
        {
            asked.Add(name);
            return true;
        });
        Assert.Equal(["steps"], asked);
    }

    [Fact]
    public void Verify_ReportsAllThreeKinds()
    {
        var error = Assert.Throws<LipSyncException>(() => StateDictVerifier.Verify(_archive, [new("a.weight", [3, 2]), new("b", [1]), new("c", [2])]));

        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains("lacks b [1] and 1 more", error.Message, StringComparison.Ordinal);
        Assert.Contains("has besides a.bias and 1 more", error.Message, StringComparison.Ordinal);
        Assert.Contains("a.weight [2, 3] Float32 (expected [3, 2])", error.Message, StringComparison.Ordinal);
        Assert.Contains("lacks 2:\n  b [1]\n  c [2]\n", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_WhenAWeightIsNotFloatingPoint_Throws()
    {
        var error = Assert.Throws<LipSyncException>(() => StateDictVerifier.Verify(_archive, [.. Exact, new("steps", [1])]));
        Assert.Contains("steps [1] Int64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ListsTwentyAndCountsAll()
    {
        var many = Enumerable.Range(0, 1000).Select(i => new TensorSpec("x" + i.ToString(CultureInfo.InvariantCulture), [1])).ToArray();
        var error = Assert.Throws<LipSyncException>(() => StateDictVerifier.Verify(_archive, [.. Exact, .. many], _ => true));
        Assert.Contains("lacks 1000:", error.Detail, StringComparison.Ordinal);
        Assert.Equal(21, error.Detail!.Split('\n').Length);
    }
}
