namespace LatentSync;

/// <summary>The numbers in which the networks compute on a card; sums are float32 in any of them. On the CPU everything is float32.</summary>
public enum DevicePrecision
{
    /// <summary>16 bits: 11 significant ones, values up to 65,504. The most exact of the fast ones, and the default.</summary>
    Float16 = 0,

    /// <summary>
    /// 16 bits: 8 significant ones, values as large as those of float32. For weights whose values overflow float16; as fast
    /// and as large, less exact. Needs a card of compute capability 8.0 or newer.
    /// </summary>
    BFloat16 = 1,

    /// <summary>32 bits, without TF32: twice the memory and several times as long. For comparisons.</summary>
    Float32 = 2,
}
