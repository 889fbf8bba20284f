namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>The two queues of a device: work of one is done in order, and beside the work of the other.</summary>
internal enum DeviceStream
{
    /// <summary>Networks, and copies that belong between them.</summary>
    Compute,

    /// <summary>Copies that run while networks run.</summary>
    Transfer,
}
