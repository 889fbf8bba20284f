namespace LatentSync.Backends;

/// <summary>What a precision is called.</summary>
internal static class DevicePrecisionExtensions
{
    /// <summary>As command lines and files write it: <c>bfloat16</c>.</summary>
    public static string Name(this DevicePrecision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>The option with this value, in a sentence.</summary>
    public static OptionReference Reference(this DevicePrecision precision) => new(nameof(LipSyncEngineOptions.Precision), precision.Name());
}
