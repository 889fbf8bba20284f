namespace LatentSync.Server.Reports;

/// <summary>What the server keeps on its disk, in bytes.</summary>
/// <param name="UploadBytes">Inputs.</param>
/// <param name="ResultBytes">Results.</param>
/// <param name="WorkBytes">Segments, analyses, pictures, and what engines write meanwhile.</param>
/// <param name="DatabaseBytes">Database, with what is still to be written into it.</param>
/// <param name="FreeBytes">What is left on the disk.</param>
/// <param name="NextExpiry">When the next job is deleted; null if none is kept.</param>
/// <param name="At">When this was measured.</param>
internal sealed record StorageUse(
    long UploadBytes,
    long ResultBytes,
    long WorkBytes,
    long DatabaseBytes,
    long FreeBytes,
    DateTimeOffset? NextExpiry,
    DateTimeOffset At
);
