namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>Which way a copy goes.</summary>
internal enum CopyDirection
{
    /// <summary>From pinned memory to the device.</summary>
    ToDevice,

    /// <summary>From the device to pinned memory.</summary>
    ToHost,
}
