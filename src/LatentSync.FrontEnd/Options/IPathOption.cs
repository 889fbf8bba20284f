namespace LatentSync.FrontEnd.Options;

/// <summary>An option whose value names a file or a folder, and so is relative to something.</summary>
internal interface IPathOption
{
    /// <summary>Where in a value the path begins; null if this value names none.</summary>
    int? PathStart(string value);
}
