namespace LatentSync.Client;

/// <summary>Where more about a job is, on its server.</summary>
/// <param name="Self">The job.</param>
/// <param name="Events">Its events.</param>
/// <param name="Preview">Its newest picture.</param>
public sealed record ServerJobLinks(string Self, string Events, string Preview);
