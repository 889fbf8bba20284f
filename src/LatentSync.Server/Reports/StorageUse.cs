namespace LatentSync.Server.Reports;

/// <summary>What the server keeps on its disk or in its storage, in bytes.</summary>
/// <param name="UploadBytes">Inputs; where they are in S3, as the database knows them.</param>
/// <param name="ResultBytes">Results; where they are in S3, as the database knows them.</param>
/// <param name="WorkBytes">On this machine: segments, analyses, pictures, what engines write meanwhile, and copies of what is elsewhere.</param>
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
)
{
    /// <summary>The bucket that inputs and results are in; null where they are in a folder.</summary>
    public string? Bucket { get; init; }
}
