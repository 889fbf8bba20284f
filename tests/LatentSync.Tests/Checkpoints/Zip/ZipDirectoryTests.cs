using System.Buffers.Binary;
using System.IO.Compression;
using LatentSync.Checkpoints;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Zip;

public class ZipDirectoryTests
{
    private static readonly byte[] Pickle = CheckpointFiles.OneTensor(16, 0, [16], [1]);

    private static StoredZipWriter Start() => new StoredZipWriter().Add("a/data.pkl", Pickle);

    [Fact]
    public void Start_WithItsStorage_IsAccepted()
    {
        // The files below differ from this one in one point each.
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("good.pt"), Start().Add("a/data/0", new byte[64]).ToArray());
        using var archive = CheckpointFile.Open(folder.File("good.pt"));
        Assert.Equal(16, archive.Tensors["w"].ElementCount);
    }

    [Fact]
    public void CompressedMember_IsRefused()
    {
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64], method: 8).ToArray(), "compressed member, a/data/0");

        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("a/data.pkl").Open();
            entry.Write(new byte[1 << 20]);
        }

        CheckpointFiles.AssertRefused(file.ToArray(), "compressed member");
    }

    [Fact]
    public void EncryptedMember_IsRefused() => CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64], flags: 1).ToArray(), "encrypted");

    [Fact]
    public void OverlappingMembers_AreRefused()
    {
        var first = Start().Add("a/data/0", new byte[64]).ToArray();
        var second = first.AsSpan().LastIndexOf("PK\u0003\u0004"u8);
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64]).Add("a/data/0x", new byte[64], headerOffset: second).ToArray(), "is damaged");

        // A second header inside the bytes of a member, well-formed by itself.
        var inner = new StoredZipWriter().Add("a/data/1", new byte[64]).ToArray()[..128];
        var position = Start().Add("a/data/0", inner).ToArray().AsSpan().LastIndexOf("PK\u0003\u0004"u8);
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", inner).Add("a/data/1", new byte[64], headerOffset: position).ToArray(), "overlap at a/data/1");
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/evil")]
    [InlineData("a\\evil")]
    [InlineData("a/\0evil")]
    public void UnsafeName_IsRefused(string name) =>
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64]).Add(name, []).ToArray(), "points outside");

    [Fact]
    public void TwoMembersOfOneName_AreRefused() =>
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64]).Add("a/data/0", new byte[64]).ToArray(), "two members named a/data/0");

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void MemberBeyondTheFile_IsRefused(long length) =>
        CheckpointFiles.AssertRefused(
            new StoredZipWriter { Zip64 = true }
                .Add("a/data.pkl", Pickle)
                .Add("a/data/0", new byte[64], length: length)
                .ToArray(),
            "outside the file"
        );

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1 << 20)]
    public void HeaderBeyondTheFile_IsRefused(long offset) =>
        CheckpointFiles.AssertRefused(
            new StoredZipWriter { Zip64 = true }
                .Add("a/data.pkl", Pickle)
                .Add("a/data/0", new byte[64], headerOffset: offset)
                .ToArray(),
            "outside the file"
        );

    [Theory]
    [InlineData(24, -1)]
    [InlineData(24, long.MaxValue)]
    [InlineData(32, long.MaxValue)]
    [InlineData(40, long.MaxValue)]
    [InlineData(40, -5)]
    [InlineData(48, long.MaxValue)]
    [InlineData(48, -5)]
    public void Zip64EndRecord_WithFalseNumbers_IsRefused(int field, long value)
    {
        var bytes = new StoredZipWriter { Zip64 = true }
            .Add("a/data.pkl", Pickle)
            .Add("a/data/0", new byte[64])
            .ToArray();
        var record = bytes.AsSpan().LastIndexOf("PK\u0006\u0006"u8);
        var locator = bytes.AsSpan().LastIndexOf("PK\u0006\u0007"u8);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(field == 24 ? locator + 8 : record + field), value);
        CheckpointFiles.AssertRefused(bytes, "model file");
    }

    [Fact]
    public void OtherArchives_AreRefused()
    {
        CheckpointFiles.AssertRefused(new StoredZipWriter().Add("readme.txt", "hello"u8).ToArray(), "not a PyTorch checkpoint");
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64]).Add("a/constants.pkl", []).ToArray(), "TorchScript");
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64]).Add("a/code/net.py", []).ToArray(), "TorchScript");
        CheckpointFiles.AssertRefused(Start().Add("a/data/0", new byte[64]).Add("a/byteorder", "big"u8).ToArray(), "big-endian");
        CheckpointFiles.AssertRefused(new StoredZipWriter().ToArray(), "not a PyTorch checkpoint");
    }
}
