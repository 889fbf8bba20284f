using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>
/// A Python dict. Only entries under string keys are kept: others (an optimizer numbers its parameters) are of no use here.
/// </summary>
/// <param name="isOrdered">True for an OrderedDict, which may carry attributes.</param>
internal sealed class PickledDictionary(bool isOrdered)
{
    /// <summary>True for an OrderedDict.</summary>
    public bool IsOrdered { get; } = isOrdered;

    /// <summary>The entries under string keys.</summary>
    public Dictionary<string, object?> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds an entry, or drops it if its key is not a string.</summary>
    /// <exception cref="LipSyncException">The key is there already.</exception>
    public void Add(object? key, object? value, string path)
    {
        if (key is string name && !Entries.TryAdd(name, value))
        {
            throw ModelErrors.Damaged(path, $"it has two entries named {ModelErrors.Printable(name)}");
        }
    }
}
