namespace LatentSync.Server.Api.Dialects;

/// <summary>What went wrong with a request, before it is put into the words of a dialect.</summary>
/// <param name="Status">The HTTP status of the native interface.</param>
/// <param name="Kind">A word for programs.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Field">The member of the request that is at fault; null if it is none.</param>
internal sealed record DialectError(int Status, string Kind, string Message, string? Field);
