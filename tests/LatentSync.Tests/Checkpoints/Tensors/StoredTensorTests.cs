using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Tensors;

public sealed class StoredTensorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TensorArchive _archive;

    public StoredTensorTests()
    {
        var counting = TorchTensor.Single([.. Enumerable.Range(0, 60).Select(value => (float)value)], 2, 3, 4);
        TorchArchiveWriter.Write(
            _folder.File("m.pt"),
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["straight"] = counting,
                ["turned"] = counting with { Strides = [20, 1, 5], FirstElement = 2 },
                ["half"] = TorchTensor.Half([1, 2, 3, 4], 2, 2) with { Strides = [1, 2] },
            }
        );
        _archive = CheckpointFile.Open(_folder.File("m.pt"));
    }

    public void Dispose()
    {
        _archive.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void ToArray_OfAnyStrides_IsInCOrder()
    {
        var expected = from a in Enumerable.Range(0, 2) from b in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 4) select 2f + (20 * a) + b + (5 * c);
        Assert.Equal(expected, _archive.Tensors["turned"].ToArray());
        Assert.Equal(Enumerable.Range(0, 24).Select(value => (float)value), _archive.Tensors["straight"].ToArray());
        Assert.Equal([1f, 3, 2, 4], _archive.Tensors["half"].ToArray());
    }

    [Fact]
    public void Sizes_AreThoseOfTheElements()
    {
        Assert.Equal((24, 96), (_archive.Tensors["straight"].ElementCount, _archive.Tensors["straight"].ByteLength));
        Assert.Equal(96, _archive.Tensors["straight"].Bytes.Length);
        Assert.Equal((4, 8), (_archive.Tensors["half"].ElementCount, _archive.Tensors["half"].ByteLength));
        Assert.Equal("half Float16 [2, 2]", _archive.Tensors["half"].ToString());
    }

    [Fact]
    public void CopyTo_WantsTheExactLength()
    {
        var tensor = _archive.Tensors["straight"];
        Assert.Throws<ArgumentException>(() => tensor.CopyTo(new float[23]));
        Assert.Throws<ArgumentException>(() => tensor.CopyTo(new float[25]));
    }

    [Fact]
    public void View_KeepsTheElements()
    {
        var view = _archive.Tensors["straight"].View("v", 4, 6);
        Assert.Equal(("v", true), (view.Name, view.IsContiguous));
        Assert.Equal([4L, 6], view.Shape);
        Assert.Equal(_archive.Tensors["straight"].ToArray(), view.ToArray());
        Assert.Throws<ArgumentException>(() => _archive.Tensors["straight"].View("v", 5, 5));

        // What does not lie in order has no other shape without a copy, but may have another name.
        Assert.Equal(_archive.Tensors["turned"].ToArray(), _archive.Tensors["turned"].View("t", 2, 3, 4).ToArray());
        Assert.Throws<ArgumentException>(() => _archive.Tensors["turned"].View("t", 6, 4));
    }

    [Fact]
    public unsafe void Pointer_IsWhereTheBytesAre_OfWhatLiesInOrder()
    {
        var tensor = _archive.Tensors["straight"];
        Assert.Equal(1f, ((float*)tensor.Pointer)[1]);
        var file = File.ReadAllBytes(_folder.File("m.pt"));
        Assert.Equal(tensor.Bytes, file.AsSpan((int)tensor.FileOffset, 96));
        Assert.Throws<InvalidOperationException>(() => (nint)_archive.Tensors["turned"].Pointer);
    }
}
