namespace LatentSync.Server.Reports;

/// <summary>What is kept of one owner.</summary>
/// <param name="Jobs">How many jobs.</param>
/// <param name="Bytes">Of their results and of all inputs.</param>
/// <param name="NextExpiry">When the next job is deleted; null if none is going to be.</param>
internal sealed record OwnerUse(int Jobs, long Bytes, DateTimeOffset? NextExpiry);
