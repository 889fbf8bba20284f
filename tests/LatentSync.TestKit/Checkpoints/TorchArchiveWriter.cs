using System.Globalization;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>Writes checkpoints as torch.save does: a zip file with a pickle and one member per storage.</summary>
internal static class TorchArchiveWriter
{
    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file to create.</param>
    /// <param name="root">The value: null, bool, int, long, double, string, <see cref="TorchTensor"/>, or a dictionary of them.</param>
    /// <param name="zip64">Writes 64-bit offsets although the file is small.</param>
    public static void Write(string path, object? root, bool zip64 = false)
    {
        var pickle = new PickleWriter();
        var storages = new List<byte[]>();
        WriteValue(pickle, root, storages);
        File.WriteAllBytes(path, Pack(pickle.Op('.').ToArray(), storages, zip64));
    }

    /// <summary>An archive around any pickle, well-formed or not.</summary>
    public static byte[] Pack(byte[] pickle, IReadOnlyList<byte[]> storages, bool zip64 = false)
    {
        var zip = new StoredZipWriter { Zip64 = zip64 }
            .Add("archive/data.pkl", pickle)
            .Add("archive/byteorder", "little"u8);
        for (var i = 0; i < storages.Count; i++)
        {
            zip.Add(string.Create(CultureInfo.InvariantCulture, $"archive/data/{i}"), storages[i]);
        }

        return zip.Add("archive/version", "3\n"u8).ToArray();
    }

    /// <summary>The name of PyTorch's storage class for a type.</summary>
    public static string StorageName(TensorDataType type) =>
        type switch
        {
            TensorDataType.Float32 => "FloatStorage",
            TensorDataType.Float16 => "HalfStorage",
            TensorDataType.BFloat16 => "BFloat16Storage",
            TensorDataType.Float64 => "DoubleStorage",
            TensorDataType.Int64 => "LongStorage",
            TensorDataType.Int32 => "IntStorage",
            TensorDataType.Int16 => "ShortStorage",
            TensorDataType.Int8 => "CharStorage",
            TensorDataType.UInt8 => "ByteStorage",
            _ => "BoolStorage",
        };

    private static void WriteValue(PickleWriter pickle, object? value, List<byte[]> storages)
    {
        switch (value)
        {
            case null:
                pickle.Op('N');
                break;
            case bool flag:
                pickle.Raw(flag ? (byte)0x88 : (byte)0x89);
                break;
            case int number:
                pickle.Integer(number);
                break;
            case long number:
                pickle.Integer(number);
                break;
            case double number:
                pickle.Number(number);
                break;
            case string text:
                pickle.Text(text);
                break;
            case TorchTensor tensor:
                storages.Add(tensor.Data);
                pickle.Tensor(
                    StorageName(tensor.Type),
                    (storages.Count - 1).ToString(CultureInfo.InvariantCulture),
                    tensor.Data.Length / tensor.Type.Size(),
                    tensor.FirstElement,
                    tensor.Shape,
                    tensor.Strides ?? TensorLayout.ContiguousStrides(tensor.Shape)
                );
                break;
            case IEnumerable<KeyValuePair<string, object?>> entries:
                pickle.OrderedDict().Op('(');
                foreach (var (key, item) in entries)
                {
                    WriteValue(pickle.Text(key), item, storages);
                }

                pickle.Op('u');
                break;
            default:
                throw new NotSupportedException($"{value.GetType()} cannot be pickled.");
        }
    }
}
