namespace LatentSync.Checkpoints.Zip;

/// <summary>A stored (not compressed) member of a zip file.</summary>
/// <param name="Name">Its name, with slashes.</param>
/// <param name="HeaderOffset">Where its local header begins in the file.</param>
/// <param name="Offset">Where its bytes begin in the file.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record ZipEntry(string Name, long HeaderOffset, long Offset, long Length);
