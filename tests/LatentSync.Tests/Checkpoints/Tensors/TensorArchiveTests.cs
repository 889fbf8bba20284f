using System.Text;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Pickle;
using LatentSync.Checkpoints.Safetensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Tensors;

public class TensorArchiveTests
{
    [Fact]
    public void Open_GoesByContent_NotByExtension()
    {
        using var folder = new TemporaryFolder();
        TorchArchiveWriter.Write(folder.File("a.safetensors"), CheckpointFiles.TwoTensors());
        SafetensorsWriter.Write(folder.File("b.pt"), [new("w", TorchTensor.Single([1, 2], 2))]);

        using var pickle = CheckpointFile.Open(folder.File("a.safetensors"));
        using var safetensors = CheckpointFile.Open(folder.File("b.pt"));

        Assert.IsType<PickleArchive>(pickle);
        Assert.IsType<SafetensorsArchive>(safetensors);
        Assert.Equal([1f, 2], safetensors.Tensors["w"].ToArray());
    }

    [Fact]
    public void Open_FollowsSymbolicLinks()
    {
        using var folder = new TemporaryFolder();
        TorchArchiveWriter.Write(folder.File("blob"), CheckpointFiles.TwoTensors());
        File.CreateSymbolicLink(folder.File("model.pt"), folder.File("blob"));

        using var archive = CheckpointFile.Open(folder.File("model.pt"));

        Assert.Equal(2, archive.Tensors.Count);
    }

    [Fact]
    public void Open_OfNoFile_Throws()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Assert.Throws<LipSyncException>(() => CheckpointFile.Open(folder.File("none.pt"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<LipSyncException>(() => CheckpointFile.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("P", "neither a PyTorch checkpoint")]
    [InlineData("PK", "end is missing")]
    [InlineData("just some text\n", "neither a PyTorch checkpoint")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    public void Open_OfAnotherFile_SaysWhatItIs(string content, string expected) => CheckpointFiles.AssertRefused(Encoding.UTF8.GetBytes(content), expected);

    [Fact]
    public void Open_OfALegacyPickle_SaysHowToConvert() =>
        CheckpointFiles.AssertRefused([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'], "save it again");

    [Fact]
    public void Open_OfATruncatedFile_Throws_WhereverItIsCut()
    {
        using var folder = new TemporaryFolder();
        TorchArchiveWriter.Write(folder.File("p"), CheckpointFiles.TwoTensors());
        SafetensorsWriter.Write(folder.File("s"), [new("w", TorchTensor.Single([1, 2], 2))]);
        foreach (var name in (string[])["p", "s"])
        {
            var whole = File.ReadAllBytes(folder.File(name));
            for (var length = 0; length < whole.Length; length++)
            {
                File.WriteAllBytes(folder.File("cut"), whole.AsSpan(0, length));
                var error = Assert.Throws<LipSyncException>(() => CheckpointFile.Open(folder.File("cut")).Dispose());
                Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
            }
        }
    }

    [Theory]
    [InlineData("pickle")]
    [InlineData("zip64")]
    [InlineData("safetensors")]
    public void Open_OfRandomlyChangedFiles_OnlyThrowsLipSyncException(string format)
    {
        const int cases = 1000;
        using var folder = new TemporaryFolder();
        var path = folder.File("model");
        if (format == "safetensors")
        {
            SafetensorsWriter.Write(path, [new("w", TorchTensor.Single([1, 2], 2)), new("v", TorchTensor.Half([1, 2, 3, 4], 2, 2))]);
        }
        else
        {
            TorchArchiveWriter.Write(
                path,
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["step"] = 3, ["state_dict"] = CheckpointFiles.TwoTensors() },
                zip64: format == "zip64"
            );
        }

        var whole = File.ReadAllBytes(path);
        var random = new Random(7);
        int refused = 0,
            read = 0;
        for (var i = 0; i < cases; i++)
        {
            var changed = whole.ToArray();
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, changed);
            try
            {
                using var archive = CheckpointFile.Open(path);
                read += archive.Tensors.Values.Sum(tensor => tensor.ToArray().Length) > 0 ? 1 : 0;
            }
            catch (LipSyncException error)
            {
                Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
                refused++;
            }
        }

        // Both happen, or the test would show nothing: changes of weights are read, changes of headers refused.
        Assert.InRange(read, 1, cases);
        Assert.InRange(refused, 1, cases);
    }
}
