namespace LatentSync.Server.Api.Views;

/// <summary>Where more about a job is.</summary>
internal sealed record LinksView(string Self, string Events, string Preview);
