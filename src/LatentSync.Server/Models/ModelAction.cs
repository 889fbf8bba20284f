namespace LatentSync.Server.Models;

/// <summary>What an operator lets the server do with a model.</summary>
internal enum ModelAction
{
    /// <summary>Reads all its files and compares them with what was recorded.</summary>
    Verify,

    /// <summary>Downloads it, or what is missing of it.</summary>
    Pull,
}
