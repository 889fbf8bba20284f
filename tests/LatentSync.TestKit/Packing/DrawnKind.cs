namespace LatentSync.TestKit.Packing;

/// <summary>How random numbers are distributed and stored.</summary>
internal enum DrawnKind : byte
{
    /// <summary>Normal, as float32.</summary>
    Normal,

    /// <summary>Normal, as float16.</summary>
    NormalHalf,

    /// <summary>Uniform, as float32.</summary>
    Uniform,
}
