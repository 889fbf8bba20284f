using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Config;

/// <summary>A mapping of a configuration file, read with checks of type and range. Keys nobody asks for are ignored.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="prefix">The keys above, each with a dot behind it.</param>
/// <param name="entries">The values: null, bool, long, double, string, list or dictionary.</param>
internal sealed class ConfigSection(string path, string prefix, IReadOnlyDictionary<string, object?> entries)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>True if the key is there and not null.</summary>
    public bool Has(string key) => entries.GetValueOrDefault(key) is not null;

    /// <summary>A mapping below; empty if it is absent.</summary>
    public ConfigSection Section(string key) =>
        entries.GetValueOrDefault(key) switch
        {
            Dictionary<string, object?> inner => new ConfigSection(Path, $"{prefix}{key}.", inner),
            null => new ConfigSection(Path, $"{prefix}{key}.", new Dictionary<string, object?>(StringComparer.Ordinal)),
            var other => throw Refuse(key, other, $"a group of settings"),
        };

    /// <summary>An integer in a range; without a fallback the key has to be there.</summary>
    public int Integer(string key, int min, int max, int? fallback = null) =>
        Value(key, fallback) switch
        {
            int known => known,
            long value when value >= min && value <= max => (int)value,
            var other => throw Refuse(key, other, $"an integer from {min} to {max}"),
        };

    /// <summary>A number in a range; without a fallback the key has to be there.</summary>
    public double Number(string key, double min, double max, double? fallback = null)
    {
        var value = Value(key, fallback) switch
        {
            long integer => integer,
            double number => number,
            var other => throw Refuse(key, other, $"a number"),
        };
        return value >= min && value <= max ? value : throw Refuse(key, value, $"a number from {min} to {max}");
    }

    /// <summary>A yes or no; without a fallback the key has to be there.</summary>
    public bool Flag(string key, bool? fallback = null) =>
        Value(key, fallback) is bool value ? value : throw Refuse(key, Value(key, fallback), $"true or false");

    /// <summary>A list of integers in a range.</summary>
    public IReadOnlyList<int> Integers(string key, int min, int max, int maxCount)
    {
        var items = List(key, maxCount);
        return
        [
            .. items.Select(item =>
                item is long value && value >= min && value <= max ? (int)value : throw Refuse(key, item, $"an integer from {min} to {max}")
            ),
        ];
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key, int maxCount) =>
        [.. List(key, maxCount).Select(item => item as string ?? throw Refuse(key, item, $"a list of names"))];

    /// <summary>Refuses any value but the one this program knows how to compute; an absent key is fine.</summary>
    public void RequireIfPresent(string key, object supported)
    {
        if (
            entries.GetValueOrDefault(key) is not { } value
            || Equals(value, supported)
            || (supported is long integer && value is double number && number.Equals((double)integer))
        )
        {
            return;
        }

        throw Refuse(key, value, Describe(supported));
    }

    /// <summary>The refusal of a value.</summary>
    /// <param name="key">Its key in this section.</param>
    /// <param name="value">What the file says.</param>
    /// <param name="supported">What would be accepted.</param>
    public LipSyncException Refuse(string key, object? value, FormattableString supported) =>
        ModelErrors.Create(
            Path,
            value is null
                ? $"The configuration \"{Path}\" lacks {prefix}{key}; it needs {supported}."
                : (FormattableString)
                    $"The configuration \"{Path}\" sets {prefix}{key} to {Describe(value)} instead of {supported}; use the one that belongs to the checkpoint."
        );

    private static FormattableString Describe(object value) =>
        value switch
        {
            bool flag => $"{(flag ? "true" : "false")}",
            IEnumerable<object?> => $"a list",
            IReadOnlyDictionary<string, object?> => $"a group of settings",
            _ => $"{ModelErrors.Printable(Convert.ToString(value, CultureInfo.InvariantCulture)!)}",
        };

    private object? Value(string key, object? fallback) => entries.GetValueOrDefault(key) ?? fallback;

    private List<object?> List(string key, int maxCount) =>
        entries.GetValueOrDefault(key) is List<object?> { Count: > 0 } items && items.Count <= maxCount
            ? items
            : throw Refuse(key, entries.GetValueOrDefault(key), $"a list of 1 to {maxCount} values");
}
