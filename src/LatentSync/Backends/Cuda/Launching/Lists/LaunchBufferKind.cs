namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>Whose memory a buffer is.</summary>
internal enum LaunchBufferKind
{
    /// <summary>Of the list alone, from the first operation that writes it to the last that reads it.</summary>
    Scratch,

    /// <summary>Named: the player's, who fills it, reads it, or hands it from one list to another.</summary>
    Named,

    /// <summary>A weight, made from tensors of the checkpoint before the list is played.</summary>
    Weight,
}
