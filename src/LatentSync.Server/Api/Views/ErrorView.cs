namespace LatentSync.Server.Api.Views;

/// <summary>Why a job failed.</summary>
/// <param name="Kind">For programs: as in docs/errors.md, in snake case, and those of docs/server.md.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record ErrorView(string Kind, string Message);
