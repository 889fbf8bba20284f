using System.Buffers.Binary;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Safetensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Safetensors;

public class SafetensorsHeaderTests
{
    [Fact]
    public void Open_ReadsTensorsAndMetadata()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(
            folder.File("m"),
            SafetensorsWriter.Pack(
                """{"__metadata__":{"format":"pt"},"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"""
                    + """ "b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]}} """,
                [7, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0x00, 0xc0]
            )
        );

        using var archive = CheckpointFile.Open(folder.File("m"));

        Assert.Equal("pt", archive.Scalars["format"]);
        Assert.Equal([7f], archive.Tensors["a"].ToArray());
        Assert.Empty(archive.Tensors["a"].Shape);
        Assert.Equal([1f, -2], archive.Tensors["b"].ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775807]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}""", "as F8_E4M3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "two entries named a")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "two entries named k")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", "JSON")]
    [InlineData("""{"a":[[[[[[[[]]]]]]]]}""", "JSON")]
    [InlineData("{}", "no tensors")]
    [InlineData("{", "JSON")]
    public void Open_OfAFalseHeader_Throws(string header, string expected) =>
        CheckpointFiles.AssertRefused(SafetensorsWriter.Pack(header, new byte[16]), expected);

    [Theory]
    [InlineData(100_000_001)]
    [InlineData(1000)]
    public void Open_WhenTheHeaderIsTooLong_Throws(ulong length)
    {
        var bytes = SafetensorsWriter.Pack("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        CheckpointFiles.AssertRefused(bytes, length > SafetensorsHeader.MaxBytes ? "neither" : "header is longer");
    }
}
