using System.Buffers.Binary;
using System.Text.Json;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Safetensors;

/// <summary>
/// Reads the JSON header of a safetensors file: 8 bytes of length, then <c>{"name": {"dtype", "shape", "data_offsets"}}</c>,
/// then the data that the offsets count from.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes before the header, holding its length.</summary>
    public const int LengthBytes = sizeof(ulong);

    /// <summary>The limit the format's own library sets.</summary>
    public const int MaxBytes = 100_000_000;

    private const string MetadataName = "__metadata__";
    private const int MaxDepth = 4;

    private readonly MappedFile _file;

    private SafetensorsHeader(MappedFile file) => _file = file;

    /// <summary>The tensors by name.</summary>
    public Dictionary<string, StoredTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The free text entries.</summary>
    public Dictionary<string, object> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="LipSyncException">The header is cut short, too long, no JSON, or describes tensors outside the file.</exception>
    public static SafetensorsHeader Read(MappedFile file)
    {
        var length = file.Length < LengthBytes ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, LengthBytes));
        if (length > MaxBytes || (long)length > file.Length - LengthBytes)
        {
            throw ModelErrors.Damaged(file.Path, $"its header is longer than the file or than the format allows");
        }

        var header = new SafetensorsHeader(file);
        try
        {
            header.Parse(file.Slice(LengthBytes, (long)length), LengthBytes + (long)length);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The reader throws InvalidOperationException for text that is no Unicode, and for a value of another kind.
            throw ModelErrors.Damaged(file.Path, $"its header is not the JSON of the safetensors format", error);
        }

        header.RequireNoOverlap();
        return header;
    }

    private void Parse(ReadOnlySpan<byte> json, long dataStart)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        Expect(ref reader, JsonTokenType.StartObject);
        var sawMetadata = false;
        while (ReadName(ref reader) is { } name)
        {
            if (name == MetadataName)
            {
                RequireFirst(!sawMetadata, name);
                sawMetadata = true;
                ParseMetadata(ref reader);
            }
            else
            {
                RequireFirst(Tensors.TryAdd(name, ParseTensor(ref reader, name, dataStart)), name);
            }
        }

        if (reader.Read())
        {
            throw new JsonException();
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (ReadName(ref reader) is { } name)
        {
            Expect(ref reader, JsonTokenType.String);
            RequireFirst(Metadata.TryAdd(name, reader.GetString()!), name);
        }
    }

    private StoredTensor ParseTensor(ref Utf8JsonReader reader, string name, long dataStart)
    {
        TensorDataType? type = null;
        long[]? shape = null,
            offsets = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (ReadName(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String);
                    type = ParseType(reader.GetString()!, name);
                    break;
                case "shape" when shape is null:
                    shape = ParseIntegers(ref reader, StoredTensor.MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseIntegers(ref reader, 2);
                    break;
                default:
                    throw new JsonException();
            }
        }

        if (type is not { } elements || shape is null || offsets is not [var begin, var end])
        {
            throw new JsonException();
        }

        return IsExact(elements, shape, begin, end) && end <= _file.Length - dataStart
            ? StoredTensor.Create(_file, name, elements, shape, strides: null, dataStart + begin, end - begin)
            : throw ModelErrors.Damaged(_file.Path, $"the tensor {ModelErrors.Printable(name)} does not fit its place in the file");
    }

    private static bool IsExact(TensorDataType type, long[] shape, long begin, long end)
    {
        try
        {
            return begin >= 0 && end >= begin && checked(TensorLayout.ElementCount(shape) * type.Size()) == end - begin;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private TensorDataType ParseType(string dtype, string name) =>
        dtype switch
        {
            "F32" => TensorDataType.Float32,
            "F16" => TensorDataType.Float16,
            "BF16" => TensorDataType.BFloat16,
            "F64" => TensorDataType.Float64,
            "I64" => TensorDataType.Int64,
            "I32" => TensorDataType.Int32,
            "I16" => TensorDataType.Int16,
            "I8" => TensorDataType.Int8,
            "U8" => TensorDataType.UInt8,
            "BOOL" => TensorDataType.Bool,
            _ => throw ModelErrors.Refused(
                _file.Path,
                $"stores the tensor {ModelErrors.Printable(name)} as {ModelErrors.Printable(dtype)}, which is not read; use a float32, float16 or bfloat16 file"
            ),
        };

    private static long[] ParseIntegers(ref Utf8JsonReader reader, int most)
    {
        var values = new List<long>(most);
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (values.Count == most || !reader.TryGetInt64(out var value) || value < 0)
            {
                throw new JsonException();
            }

            values.Add(value);
        }

        return [.. values];
    }

    private static string? ReadName(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException();
        }
    }

    private void RequireFirst(bool isFirst, string name)
    {
        if (!isFirst)
        {
            throw ModelErrors.Damaged(_file.Path, $"its header has two entries named {ModelErrors.Printable(name)}");
        }
    }

    private void RequireNoOverlap()
    {
        long free = 0;
        foreach (var tensor in Tensors.Values.Where(tensor => tensor.ByteLength > 0).OrderBy(tensor => tensor.FileOffset))
        {
            if (tensor.FileOffset < free)
            {
                throw ModelErrors.Damaged(_file.Path, $"the tensor {ModelErrors.Printable(tensor.Name)} overlaps another");
            }

            free = tensor.FileOffset + tensor.ByteLength;
        }
    }
}
