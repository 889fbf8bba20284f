namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Facts about the types.</summary>
internal static class DeviceDataTypeExtensions
{
    // The first cards with conversions and products in bfloat16.
    private static readonly (int Major, int Minor) s_oldestWithBFloat16 = (8, 0);

    /// <summary>The type of maps, tokens and weights on a card.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value of the enumeration.</exception>
    public static DeviceDataType DataType(this DevicePrecision precision) =>
        precision switch
        {
            DevicePrecision.Float16 => DeviceDataType.Float16,
            DevicePrecision.BFloat16 => DeviceDataType.BFloat16,
            DevicePrecision.Float32 => DeviceDataType.Float32,
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Use a value of DevicePrecision."),
        };

    /// <summary>Bytes of one value.</summary>
    public static int Size(this DeviceDataType type) =>
        type switch
        {
            DeviceDataType.UInt8 => 1,
            DeviceDataType.Float16 or DeviceDataType.BFloat16 => 2,
            _ => 4,
        };

    /// <summary>Whether tensor cores multiply it as it is: float16 and bfloat16.</summary>
    public static bool Is16Bit(this DeviceDataType type) => type is DeviceDataType.Float16 or DeviceDataType.BFloat16;

    /// <summary>Throws if a card cannot compute in a type.</summary>
    /// <param name="type">Type of maps, tokens and weights.</param>
    /// <param name="card">The card's name.</param>
    /// <param name="capability">Its compute capability.</param>
    /// <exception cref="LipSyncException">DeviceUnavailable: bfloat16 needs compute capability 8.0.</exception>
    public static void RequireOn(this DeviceDataType type, string card, (int Major, int Minor) capability)
    {
        if (type == DeviceDataType.BFloat16 && capability.CompareTo(s_oldestWithBFloat16) < 0)
        {
            var has = Invariant($"{capability.Major}.{capability.Minor}");
            var needed = Invariant($"{s_oldestWithBFloat16.Major}.{s_oldestWithBFloat16.Minor}");
            var (float16, float32) = (DevicePrecision.Float16.Reference(), DevicePrecision.Float32.Reference());
            throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"{card} has compute capability {has}, but bfloat16 needs {needed} or newer; use {float16} or {float32}."
            );
        }
    }
}
