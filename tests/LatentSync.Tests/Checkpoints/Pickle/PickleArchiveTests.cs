using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Verification;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Pickle;

public class PickleArchiveTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_ReadsTensorsAndScalars(bool zip64)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.ckpt");
        TorchArchiveWriter.Write(
            path,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["global_step"] = 123456789012,
                ["lr"] = 0.25,
                ["state_dict"] = CheckpointFiles.TwoTensors(),
            },
            zip64
        );

        using var archive = CheckpointFile.Open(path);

        Assert.Equal("a.bias a.weight", CheckpointFiles.Names(archive));
        Assert.Equal([2L, 3], archive.Tensors["a.weight"].Shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], archive.Tensors["a.weight"].ToArray());
        Assert.Equal(TensorDataType.Float16, archive.Tensors["a.bias"].Type);
        Assert.Equal([0.5f, -1, 65504], archive.Tensors["a.bias"].ToArray());
        Assert.Equal(123456789012, archive.Scalars["global_step"]);
        Assert.Equal(0.25, archive.Scalars["lr"]);
    }

    [Fact]
    public void Open_TakesAStateDictAtTheTop_AndIgnoresTheOptimizer()
    {
        using var folder = new TemporaryFolder();
        var root = CheckpointFiles.TwoTensors();
        root["optimizer"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["momentum"] = TorchTensor.Single([1], 1), ["steps"] = 7 };
        TorchArchiveWriter.Write(folder.File("model.pth"), root);

        using var archive = CheckpointFile.Open(folder.File("model.pth"));

        Assert.Equal("a.bias a.weight", CheckpointFiles.Names(archive));
        Assert.Equal(7L, archive.Scalars["optimizer.steps"]);
    }

    [Fact]
    public void Open_StripsTheDataParallelPrefix_OnlyIfAllNamesHaveIt()
    {
        using var folder = new TemporaryFolder();
        var tensor = TorchTensor.Single([1], 1);
        TorchArchiveWriter.Write(
            folder.File("all.pt"),
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["module.a"] = tensor, ["module.b"] = tensor }
        );
        TorchArchiveWriter.Write(folder.File("some.pt"), new Dictionary<string, object?>(StringComparer.Ordinal) { ["module.a"] = tensor, ["b"] = tensor });

        using var all = CheckpointFile.Open(folder.File("all.pt"));
        using var some = CheckpointFile.Open(folder.File("some.pt"));

        Assert.Equal("a b", CheckpointFiles.Names(all));
        Assert.Equal("a", all.Tensors["a"].Name);
        Assert.Equal("b module.a", CheckpointFiles.Names(some));
    }

    [Fact]
    public void Open_CopiesATransposedTensorInCOrder()
    {
        using var folder = new TemporaryFolder();
        var transposed = TorchTensor.Single([9, 0, 1, 2, 3, 4, 5], 3, 2) with { Strides = [1, 3], FirstElement = 1 };
        TorchArchiveWriter.Write(folder.File("model.pt"), new Dictionary<string, object?>(StringComparer.Ordinal) { ["w"] = transposed });

        using var archive = CheckpointFile.Open(folder.File("model.pt"));

        Assert.False(archive.Tensors["w"].IsContiguous);
        Assert.Equal([0f, 3, 1, 4, 2, 5], archive.Tensors["w"].ToArray());
        Assert.Throws<InvalidOperationException>(() => archive.Tensors["w"].Bytes.Length);
    }

    [Fact]
    public void Open_ReadsProtocol4()
    {
        // What Python writes at protocol 4: frame, short texts, memoize and stack_global.
        var pickle = new PickleWriter()
            .Raw(0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0)
            .Op('}')
            .Raw(0x94, 0x8c, 1)
            .Raw((byte)'w')
            .Raw(0x94)
            .Raw(0x8c, 12)
            .Raw("torch._utils"u8)
            .Raw(0x8c, 18)
            .Raw("_rebuild_tensor_v2"u8)
            .Raw(0x93)
            .Op('(')
            .Op('(')
            .Text("storage")
            .Raw(0x8c, 5)
            .Raw("torch"u8)
            .Raw(0x8c, 12)
            .Raw("FloatStorage"u8)
            .Raw(0x93)
            .Text("0")
            .Text("cpu")
            .Integer(2)
            .Op('t')
            .Op('Q')
            .Integer(0)
            .Integer(2)
            .Raw(0x85)
            .Integer(1)
            .Raw(0x85)
            .Raw(0x89)
            .OrderedDict()
            .Op('t')
            .Op('R')
            .Op('s')
            .Op('.');
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(
            folder.File("model.pt"),
            TorchArchiveWriter.Pack(
                pickle.ToArray(),
                [
                    [0, 0, 128, 63, 0, 0, 0, 64],
                ]
            )
        );

        using var archive = CheckpointFile.Open(folder.File("model.pt"));

        Assert.Equal([1f, 2], archive.Tensors["w"].ToArray());
    }

    [Fact]
    public void Open_AcceptsParametersAndHarmlessAttributes()
    {
        var pickle = new PickleWriter()
            .OrderedDict()
            .Text("w")
            .Global("torch._utils", "_rebuild_parameter")
            .Op('(')
            .Tensor("FloatStorage", "0", 1, 0, [1], [1])
            .Raw(0x88)
            .OrderedDict()
            .Op('t')
            .Op('R')
            .Op('s')
            .Op('}')
            .Text("_metadata")
            .OrderedDict()
            .Op('s')
            .Op('b')
            .Op('.');
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(
            folder.File("model.pt"),
            TorchArchiveWriter.Pack(
                pickle.ToArray(),
                [
                    [0, 0, 128, 63],
                ]
            )
        );

        using var archive = CheckpointFile.Open(folder.File("model.pt"));

        Assert.Equal([1f], archive.Tensors["w"].ToArray());
    }

    [Fact]
    public void Tensor_WhenArchiveIsClosed_Throws()
    {
        using var folder = new TemporaryFolder();
        TorchArchiveWriter.Write(folder.File("model.pt"), CheckpointFiles.TwoTensors());
        var archive = CheckpointFile.Open(folder.File("model.pt"));
        var tensor = archive.Tensors["a.weight"];
        archive.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tensor.ToArray());
    }

    [Fact]
    public void Open_MapsTheFileInsteadOfReadingIt()
    {
        const int elements = 16 << 20;
        using var folder = new TemporaryFolder();
        var path = folder.File("large.pt");
        TorchArchiveWriter.Write(
            path,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["w"] = new TorchTensor(TensorDataType.Float32, [elements], new byte[elements * sizeof(float)]),
            }
        );
        Assert.True(new FileInfo(path).Length >= 64 << 20);
        CheckpointFile.Open(path).Dispose();

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var archive = CheckpointFile.Open(path);
        var finite = WeightScan.IsFinite(archive.Tensors["w"], TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(finite);
        Assert.InRange(allocated, 0, 1 << 20);
    }
}
