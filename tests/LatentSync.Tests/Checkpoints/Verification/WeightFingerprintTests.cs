using LatentSync.Checkpoints.Verification;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints.Verification;

public sealed class WeightFingerprintTests : IDisposable
{
    // Samples of 64 KiB, 64 of them: a file of this length is read at every fourth place or so.
    private const int Sample = 1 << 16;
    private const int Length = 256 * Sample;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheSameBytes_HaveTheSameFingerprint_WhereverTheyAre()
    {
        var bytes = Bytes(100_000, seed: 1);
        var fingerprint = Of(bytes);
        Assert.Matches("^[0-9a-f]{64}$", fingerprint);
        Assert.Equal(fingerprint, Of(bytes));
        Assert.NotEqual(fingerprint, Of(Bytes(100_000, seed: 2)));
    }

    /// <summary>Of a small file every byte counts.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    [InlineData(99_999)]
    public void AChangedByte_OfASmallFile_Shows(int place)
    {
        var bytes = Bytes(100_000, seed: 1);
        var before = Of(bytes);
        bytes[place]++;
        Assert.NotEqual(before, Of(bytes));
    }

    /// <summary>Of a large one its beginning, its end, and places spread evenly between.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(Length - 1, true)]
    [InlineData(Length - Sample, true)]
    [InlineData(Sample + 1000, false)]
    public void OfALargeFile_SamplesCount(int place, bool shows)
    {
        var bytes = new byte[Length];
        var before = Of(bytes);
        bytes[place]++;
        Assert.Equal(shows, before != Of(bytes));
    }

    [Fact]
    public void TheLengthAndTheOrderOfFiles_Count()
    {
        Assert.NotEqual(Of(new byte[10 * Sample]), Of(new byte[11 * Sample]));
        var (first, second) = (_folder.File("1"), _folder.File("2"));
        File.WriteAllBytes(first, [1]);
        File.WriteAllBytes(second, [2]);
        Assert.NotEqual(WeightFingerprint.Of(first, second), WeightFingerprint.Of(second, first));
    }

    [Fact]
    public void AFileThatIsNotThere_IsNamed()
    {
        var error = Assert.Throws<LipSyncException>(() => WeightFingerprint.Of(_folder.File("none")));
        Assert.Equal((LipSyncErrorCode.InvalidModel, _folder.File("none")), (error.Code, error.Path));
    }

    private string Of(byte[] bytes)
    {
        var path = _folder.File(Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, bytes);
        return WeightFingerprint.Of(path);
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
