using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary><c>--precision</c>, and <c>--float32</c>, which is older and means the same as one of its values.</summary>
internal sealed class PrecisionOptionSet
{
    private readonly Option<DevicePrecision?> _precision = Choices.Optional<DevicePrecision>(
        "--precision",
        "Numbers on a card: float16 (default), bfloat16 for weights that overflow it, float32 for comparisons."
    );
    private readonly Option<bool> _float32 = new("--float32") { Description = "The same as --precision float32." };

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> Settings => [_precision, _float32];

    /// <summary>What is wrong with the given values; null if nothing is.</summary>
    public string? Mistake(CommandResult result) =>
        Given(result) is { } precision and not DevicePrecision.Float32 && IsFloat32(result)
            ? CommandWords.Say($"{_float32.Name} contradicts {_precision.Name} {precision.ToString().ToLowerInvariant()}; leave one of them out.")
            : null;

    /// <summary>The precision.</summary>
    public DevicePrecision Read(CommandResult result) => Given(result) ?? (IsFloat32(result) ? DevicePrecision.Float32 : DevicePrecision.Float16);

    private DevicePrecision? Given(CommandResult result) => SyncOptionSet.Value(result, _precision, fallback: null);

    private bool IsFloat32(CommandResult result) => SyncOptionSet.Value(result, _float32, fallback: false);
}
