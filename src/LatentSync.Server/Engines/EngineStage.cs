namespace LatentSync.Server.Engines;

/// <summary>How far an engine is with what it does.</summary>
/// <param name="Name">The stage, such as <c>diffusion</c>.</param>
/// <param name="Done">Steps or frames that are done.</param>
/// <param name="Total">Of how many; 0 while unknown.</param>
internal sealed record EngineStage(string Name, double Done, double Total);
