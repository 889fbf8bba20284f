using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>Writes safetensors files.</summary>
internal static class SafetensorsWriter
{
    public static void Write(string path, IEnumerable<KeyValuePair<string, TorchTensor>> tensors)
    {
        var header = new Dictionary<string, object>(StringComparer.Ordinal);
        using var data = new MemoryStream();
        foreach (var (name, tensor) in tensors)
        {
            header.Add(
                name,
                new
                {
                    dtype = TypeName(tensor.Type),
                    shape = tensor.Shape,
                    data_offsets = new[] { data.Length, data.Length + tensor.Data.Length },
                }
            );
            data.Write(tensor.Data);
        }

        File.WriteAllBytes(path, Pack(JsonSerializer.Serialize(header), data.ToArray()));
    }

    /// <summary>A file around any header, well-formed or not.</summary>
    public static byte[] Pack(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        return [.. length, .. json, .. data];
    }

    private static string TypeName(TensorDataType type) =>
        type switch
        {
            TensorDataType.Float32 => "F32",
            TensorDataType.Float16 => "F16",
            TensorDataType.BFloat16 => "BF16",
            TensorDataType.Float64 => "F64",
            TensorDataType.Int64 => "I64",
            TensorDataType.Int32 => "I32",
            TensorDataType.Int16 => "I16",
            TensorDataType.Int8 => "I8",
            TensorDataType.UInt8 => "U8",
            _ => "BOOL",
        };
}
