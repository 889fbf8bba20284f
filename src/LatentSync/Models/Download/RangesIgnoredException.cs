namespace LatentSync.Models.Download;

/// <summary>The server sent the whole file where a part was asked for. Never leaves this folder.</summary>
internal sealed class RangesIgnoredException : Exception;
