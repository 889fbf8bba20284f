using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary>What the networks run on, how much of its memory they may take, and how that is watched.</summary>
internal sealed class DeviceOptionSet
{
    private const double DefaultInterval = 2;
    private const double ShortestInterval = 0.1;
    private const double LongestInterval = 3600;

    private readonly Option<LipSyncDevice> _device = new("--device")
    {
        Description = "auto (an NVIDIA card if everything for it is there), cpu or cuda:N.",
        HelpName = "device",
        DefaultValueFactory = _ => LipSyncDevice.Auto,
        CustomParser = ParseDevice,
    };
    private readonly VramOption _vram = new();
    private readonly PrecisionOptionSet _precision = new();
    private readonly Option<double> _interval = new("--monitor-interval")
    {
        Description = "Read the card's memory and load every so many seconds, 0.1 to 3600.",
        HelpName = "seconds",
        DefaultValueFactory = _ => DefaultInterval,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<double[]?> _warnings = new("--memory-warnings")
    {
        Description = "Warn when the program's memory on the card reaches these levels in GiB (default: 15,18).",
        HelpName = "GiB,GiB",
        CustomParser = result => Numbers.ParseGibibytes(result, mayBeZero: false),
    };

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> Settings => [_device, _vram, .. _precision.Settings, _interval, _warnings];

    /// <summary>Adds what is wrong with the given values to the result's errors.</summary>
    public void Check(CommandResult result)
    {
        // Values are parsed only when they are asked for, and each parser reports its own mistakes.
        _ = SyncOptionSet.Value(result, _device, LipSyncDevice.Auto);
        _ = SyncOptionSet.Value(result, _warnings, null);
        foreach (var wrong in new[] { _vram.Mistake(result), _precision.Mistake(result) }.OfType<string>())
        {
            result.AddError(wrong);
        }

        if (SyncOptionSet.Value(result, _interval, DefaultInterval) is not (>= ShortestInterval and <= LongestInterval) and var seconds)
        {
            result.AddError(CommandWords.Say($"{_interval.Name} is {seconds}; it must be from {ShortestInterval} to {LongestInterval} seconds."));
        }
    }

    /// <summary>The options' defaults, with those of a memory preset.</summary>
    public LipSyncFileOptions Defaults(CommandResult result, LipSyncFileOptions defaults) => _vram.Defaults(result, defaults);

    /// <summary>Adds them to the rest.</summary>
    public LipSyncEngineOptions Read(ParseResult parsed, LipSyncEngineOptions options) =>
        options with
        {
            Device = parsed.GetRequiredValue(_device),
            VramBudget = _vram.Budget(parsed.CommandResult),
            Precision = _precision.Read(parsed.CommandResult),
            MonitorInterval = TimeSpan.FromSeconds(parsed.GetValue(_interval)),
            MemoryWarnings = parsed.GetValue(_warnings) is { Length: > 0 } levels ? levels : null,
        };

    private static LipSyncDevice ParseDevice(ArgumentResult result)
    {
        if (LipSyncDevice.TryParse(result.Tokens[0].Value, out var device))
        {
            return device;
        }

        result.AddError(CommandWords.Say($"--device is {result.Tokens[0].Value}; it must be auto, cpu or cuda:N (such as cuda:0)."));
        return LipSyncDevice.Auto;
    }
}
