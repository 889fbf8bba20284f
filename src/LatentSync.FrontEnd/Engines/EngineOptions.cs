namespace LatentSync.FrontEnd.Engines;

/// <summary>Compares what engines are loaded with.</summary>
internal static class EngineOptions
{
    /// <summary>Whether one engine serves both. The levels are a list, which a record compares by reference.</summary>
    public static bool AreEqual(LipSyncEngineOptions first, LipSyncEngineOptions second) =>
        first with { MemoryWarnings = null } == second with { MemoryWarnings = null }
        && (first.MemoryWarnings ?? []).SequenceEqual(second.MemoryWarnings ?? []);
}
