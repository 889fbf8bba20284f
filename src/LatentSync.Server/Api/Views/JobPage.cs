namespace LatentSync.Server.Api.Views;

/// <summary>Some jobs of a list, newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">What to give as <c>cursor</c> for those that follow; null if there are none.</param>
internal sealed record JobPage(IReadOnlyList<JobView> Jobs, string? Next);
