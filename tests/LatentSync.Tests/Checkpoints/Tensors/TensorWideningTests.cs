using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Tests.Checkpoints.Tensors;

public class TensorWideningTests
{
    public static TheoryData<string, int> Types { get; } =
        new()
        {
            { nameof(TensorDataType.Float32), 4 },
            { nameof(TensorDataType.Float16), 2 },
            { nameof(TensorDataType.BFloat16), 2 },
            { nameof(TensorDataType.Float64), 8 },
            { nameof(TensorDataType.Int64), 8 },
            { nameof(TensorDataType.Int32), 4 },
            { nameof(TensorDataType.Int16), 2 },
            { nameof(TensorDataType.Int8), 1 },
            { nameof(TensorDataType.UInt8), 1 },
            { nameof(TensorDataType.Bool), 1 },
        };

    [Theory]
    [MemberData(nameof(Types))]
    public void ToSingle_EqualsTheObviousConversion(string typeName, int size)
    {
        var type = Enum.Parse<TensorDataType>(typeName);
        Assert.Equal(size, type.Size());
        var bytes = new byte[777 * size];
        new Random(5).NextBytes(bytes);
        var actual = new float[777];

        TensorWidening.ToSingle(type, bytes, actual);

        for (var i = 0; i < actual.Length; i++)
        {
            var expected = Reference(type, bytes.AsSpan(i * size, size));
            Assert.Equal(expected, actual[i]);
        }
    }

    private static float Reference(TensorDataType type, ReadOnlySpan<byte> bytes) =>
        type switch
        {
            TensorDataType.Float32 => BitConverter.ToSingle(bytes),
            TensorDataType.Float16 => (float)BitConverter.ToHalf(bytes),
            TensorDataType.BFloat16 => BitConverter.ToSingle([0, 0, bytes[0], bytes[1]]),
            TensorDataType.Float64 => (float)BitConverter.ToDouble(bytes),
            TensorDataType.Int64 => BitConverter.ToInt64(bytes),
            TensorDataType.Int32 => BitConverter.ToInt32(bytes),
            TensorDataType.Int16 => BitConverter.ToInt16(bytes),
            TensorDataType.Int8 => (sbyte)bytes[0],
            _ => bytes[0],
        };
}
