namespace LatentSync.Worker;

/// <summary>The host broke the protocol; what it sends from here on cannot be understood.</summary>
/// <param name="message">One sentence.</param>
internal sealed class ProtocolException(string message) : Exception(message);
