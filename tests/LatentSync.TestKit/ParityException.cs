namespace LatentSync.TestKit;

/// <summary>A tensor or image differs from the reference by more than its limit.</summary>
public sealed class ParityException(string message) : Exception(message);
