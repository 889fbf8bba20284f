using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Verification;

/// <summary>Compares the names and shapes in a checkpoint with those a network needs.</summary>
internal static class StateDictVerifier
{
    private const int MostListed = 20;

    /// <summary>Refuses an archive whose tensors are not exactly the expected ones.</summary>
    /// <param name="archive">The checkpoint.</param>
    /// <param name="expected">Every weight of the network.</param>
    /// <param name="mayBeIgnored">Tells which names may be there although the network does not use them; null for none.</param>
    /// <exception cref="LipSyncException">
    /// Tensors are missing, left over, of another shape, or not of a floating-point type. The message names the first of each
    /// kind, <see cref="LipSyncException.Detail"/> the first twenty.
    /// </exception>
    public static void Verify(TensorArchive archive, IReadOnlyCollection<TensorSpec> expected, Func<string, bool>? mayBeIgnored = null) =>
        Verify(archive.Tensors, archive.Path, expected, mayBeIgnored);

    /// <summary>The same for tensors under names of their own, such as those of <see cref="VaeStateDict"/>.</summary>
    public static void Verify(
        IReadOnlyDictionary<string, StoredTensor> tensors,
        string path,
        IReadOnlyCollection<TensorSpec> expected,
        Func<string, bool>? mayBeIgnored = null
    )
    {
        var names = expected.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        var missing = expected.Where(spec => !tensors.ContainsKey(spec.Name)).Select(spec => $"{spec.Name} [{string.Join(", ", spec.Shape)}]").ToList();
        var extra = tensors
            .Keys.Where(name => !names.Contains(name) && mayBeIgnored?.Invoke(name) != true)
            .Order(StringComparer.Ordinal)
            .Select(ModelErrors.Printable)
            .ToList();
        var wrong = expected.Select(spec => Misfit(spec, tensors)).OfType<string>().ToList();

        var problems = new List<FormattableString>();
        var detail = new List<string>();
        Report($"lacks", missing, problems, detail);
        Report($"has besides", extra, problems, detail);
        Report($"has in another form", wrong, problems, detail);
        if (problems.Count > 0)
        {
            var differences = problems.Aggregate((first, second) => $"{first}, {second}");
            throw ModelErrors.Create(
                path,
                $"The model file \"{path}\" does not fit its configuration: it {differences}; use the checkpoint and configuration of the same model.",
                detail: string.Join('\n', detail)
            );
        }
    }

    private static string? Misfit(TensorSpec spec, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        if (!tensors.TryGetValue(spec.Name, out var tensor) || (tensor.Shape.SequenceEqual(spec.Shape) && tensor.Type.IsFloatingPoint()))
        {
            return null;
        }

        return $"{spec.Name} [{string.Join(", ", tensor.Shape)}] {tensor.Type} (expected [{string.Join(", ", spec.Shape)}])";
    }

    private static void Report(FormattableString verb, List<string> entries, List<FormattableString> problems, List<string> detail)
    {
        if (entries.Count == 0)
        {
            return;
        }

        problems.Add(entries.Count == 1 ? $"{verb} {entries[0]}" : (FormattableString)$"{verb} {entries[0]} and {entries.Count - 1} more");
        detail.Add(Invariant($"{verb} {entries.Count}:"));
        detail.AddRange(entries.Take(MostListed).Select(entry => "  " + entry));
    }
}
