namespace LatentSync.Page.Options;

/// <summary>An option of a job as a form shows it.</summary>
/// <param name="Name">In the interface for programs, with underscores.</param>
/// <param name="Flag">On the command line.</param>
/// <param name="Description">What it is for, in the reader's language.</param>
/// <param name="Default">Its value if nobody says; empty for none.</param>
/// <param name="Choices">The values it may have; empty if it is a number or a text.</param>
/// <param name="IsSwitch">Whether it is on or off.</param>
public sealed record OptionFacts(string Name, string Flag, string Description, string Default, IReadOnlyList<string> Choices, bool IsSwitch)
{
    /// <summary>Its name in words.</summary>
    public string Title => char.ToUpperInvariant(Name[0]) + Name[1..].Replace('_', ' ');
}
