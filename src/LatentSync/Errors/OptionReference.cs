namespace LatentSync;

/// <summary>
/// An option in a sentence. The library says its property, such as <c>InferenceSteps</c>; a program with names of its own
/// for options says those instead: see <see cref="LipSyncException.Sentence"/>.
/// </summary>
/// <param name="Property">The property's name; within a group of options, the last part of its path.</param>
/// <param name="Value">The value it is spoken of with, in lower case as files and command lines write it; null for the option itself.</param>
public readonly record struct OptionReference(string Property, string? Value = null)
{
    /// <summary>What a sentence advises where a card cannot be used.</summary>
    internal static OptionReference Cpu { get; } = new("Device", "cpu");

    /// <summary>The property, with the value if there is one.</summary>
    public override string ToString() => Value is null ? Property : $"{Property} = {Value}";
}
