using LatentSync.Checkpoints.Tensors;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints.Tensors;

public sealed class MappedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MappedFile _file;

    public MappedFileTests()
    {
        File.WriteAllBytes(_folder.File("m"), [1, 2, 3, 4, 5]);
        _file = MappedFile.Open(_folder.File("m"));
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Slice_GivesBytesOfTheFile()
    {
        Assert.Equal((_folder.File("m"), 5), (_file.Path, _file.Length));
        Assert.Equal([1, 2, 3, 4, 5], _file.Slice(0, 5).ToArray());
        Assert.Equal([3, 4], _file.Slice(2, 2).ToArray());
        Assert.True(_file.Slice(5, 0).IsEmpty);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 6)]
    [InlineData(5, 1)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    public void Slice_BeyondTheFile_IsRefused(long offset, long length) => Assert.Throws<ArgumentOutOfRangeException>(() => _file.Slice(offset, length).Length);

    [Fact]
    public void AClosedFile_IsNotRead_AndMayBeClosedAgain()
    {
        _file.Dispose();
        _file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _file.Slice(0, 1).Length);
    }
}
