using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints;

/// <summary>Small checkpoints and the assertion that a file is refused.</summary>
internal static class CheckpointFiles
{
    /// <summary>A state dict of two tensors, [2, 3] counting from 0 and [3] half precision.</summary>
    public static Dictionary<string, object?> TwoTensors() =>
        new(StringComparer.Ordinal) { ["a.weight"] = TorchTensor.Single([0, 1, 2, 3, 4, 5], 2, 3), ["a.bias"] = TorchTensor.Half([0.5f, -1, 65504], 3) };

    /// <summary>The names of all tensors in order, with spaces between.</summary>
    public static string Names(TensorArchive archive) => string.Join(' ', archive.Tensors.Keys.Order(StringComparer.Ordinal));

    /// <summary>A pickle of one float tensor over storage 0, with free numbers.</summary>
    public static byte[] OneTensor(long storageLength, long firstElement, long[] shape, long[] strides) =>
        new PickleWriter().Op('}').Text("w").Tensor("FloatStorage", "0", storageLength, firstElement, shape, strides).Op('s').Op('.').ToArray();

    /// <summary>Asserts that a file with these bytes is refused with the right code, path and a text, and no other exception.</summary>
    public static void AssertRefused(byte[] bytes, string expected)
    {
        using var folder = new TestKit.TemporaryFolder();
        var path = folder.File("model.pt");
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<LipSyncException>(() => CheckpointFile.Open(path).Dispose());
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Equal(path, error.Path);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    public static void AssertPickleRefused(PickleWriter pickle, string expected) =>
        AssertRefused(TorchArchiveWriter.Pack(pickle.ToArray(), [new byte[64]]), expected);
}
