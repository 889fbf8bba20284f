namespace LatentSync.Backends.Cuda.Memory;

/// <summary>How a weight of a checkpoint is laid out on a device.</summary>
internal enum DeviceWeightKind
{
    /// <summary>As it is stored; a graph may take fewer rows than there are.</summary>
    Plain,

    /// <summary>A convolution: [out, in, rows, columns] as [out, rows, columns, in], with zeros up to the channels of the maps.</summary>
    Convolution,

    /// <summary>One half of the first axis; see <see cref="DeviceWeight.Half"/>.</summary>
    Half,

    /// <summary>The sum of two vectors.</summary>
    Sum,
}
