using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using LatentSync.Tensors;

namespace LatentSync.TestKit;

/// <summary>Reads NumPy's .npy files (version 1 and 2, C order, little endian).</summary>
internal static partial class Npy
{
    /// <summary>Any supported element type, as float32.</summary>
    public static Tensor ReadTensor(string path)
    {
        var (type, shape, bytes) = Read(path);
        var values = type switch
        {
            "<f4" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            "<i8" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), value => (float)value),
            "|u1" => Array.ConvertAll(bytes, value => (float)value),
            _ => throw new NotSupportedException($"{path}: element type {type}"),
        };
        return new Tensor(values, shape);
    }

    public static long[] ReadInt64(string path)
    {
        var (type, _, bytes) = Read(path);
        return type == "<i8" ? MemoryMarshal.Cast<byte, long>(bytes).ToArray() : throw new NotSupportedException($"{path}: element type {type}, expected <i8");
    }

    /// <summary>Writes float32 values as a file of version 1.</summary>
    public static void Write(string path, Tensor tensor)
    {
        const int alignment = 64;
        const int start = 10;
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", tensor.Shape)},), }}";
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)(start + header.Length + 1));
        length = Math.Max(length, 2 * alignment) - start;
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(header.PadRight(length - 1)), (byte)'\n']);
        writer.Write(MemoryMarshal.AsBytes(tensor.Span));
    }

    private static (string Type, int[] Shape, byte[] Data) Read(string path)
    {
        var file = File.ReadAllBytes(path);
        if (file[0] != 0x93 || !file.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{path} is not a .npy file.");
        }

        var wide = file[6] >= 2;
        var start = wide ? 12 : 10;
        var length = wide ? (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        var header = Encoding.ASCII.GetString(file, start, length);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{path}: Fortran order");
        }

        var shape = ShapePattern()
            .Match(header)
            .Groups[1]
            .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            .ToArray();
        return (TypePattern().Match(header).Groups[1].Value, shape, file[(start + length)..]);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)", RegexOptions.None, 1000)]
    private static partial Regex ShapePattern();

    [GeneratedRegex("'descr': '([^']*)'", RegexOptions.None, 1000)]
    private static partial Regex TypePattern();
}
