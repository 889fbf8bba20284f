namespace LatentSync;

/// <summary>An option that has no allowed value, or does not go with another.</summary>
/// <param name="Property">The property, as in <see cref="OptionReference.Property"/>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Sentence">One sentence: what is wrong, and what is allowed.</param>
public sealed record OptionMistake(string Property, object? Value, FormattableString Sentence)
{
    /// <summary>A value that breaks a rule.</summary>
    /// <param name="property">The property's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="rule">The second half of the sentence, such as "it must be from 1 to 10".</param>
    internal static OptionMistake Of(string property, object? value, FormattableString rule) =>
        new(property, value, $"{new OptionReference(property)} is {value}; {rule}.");

    /// <summary>The sentence, in the library's words.</summary>
    public override string ToString() => Invariant(Sentence);

    /// <summary>One exception for all mistakes.</summary>
    /// <param name="code">The kind of failure.</param>
    /// <param name="mistakes">At least one.</param>
    internal static LipSyncException Refuse(LipSyncErrorCode code, IReadOnlyList<OptionMistake> mistakes)
    {
        var lines = string.Join('\n', Enumerable.Range(0, mistakes.Count).Select(index => Invariant($"{{{index}}}")));
        return new LipSyncException(
            code,
            System.Runtime.CompilerServices.FormattableStringFactory.Create(lines, [.. mistakes.Select(mistake => mistake.Sentence)])
        );
    }
}
