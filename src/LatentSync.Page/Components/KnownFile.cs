namespace LatentSync.Page.Components;

/// <summary>A file that is on the server already.</summary>
/// <param name="Id">Of the upload.</param>
/// <param name="Name">What its owner calls it.</param>
public sealed record KnownFile(string Id, string Name);
