using System.CommandLine;
using System.CommandLine.Parsing;

namespace LatentSync.FrontEnd.Options;

/// <summary>The options of <see cref="LipSyncFileOptions"/>, and the rest that every command with a result video has.</summary>
internal sealed class SyncOptionSet
{
    private readonly LipSyncFileOptions _defaults;
    private readonly Option<int> _numFrames;
    private readonly Option<int> _cacheInterval;
    private readonly Option<int> _steps;
    private readonly Option<double> _expression;
    private readonly Option<ulong> _seed;
    private readonly Option<double> _guidanceFrom = Fraction(
        "--guidance-from",
        "Fraction of the steps at which guidance begins, 0 to 1; steps without guidance take half the work.",
        0
    );
    private readonly Option<double> _guidanceTo = Fraction("--guidance-to", "Fraction of the steps at which guidance ends, 0 to 1.", 1);
    private readonly Option<Sampler> _sampler;
    private readonly Option<QualityPreset?> _quality = Choices.Optional<QualityPreset>(
        "--preset-quality",
        "Sampler, steps and cache by quality, where they are not given: preview (dpmpp_2m, 4, 2), balanced (dpmpp_2m, 8, 2), best (dpmpp_2m, 15, 3)."
    );
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the result if it exists." };

    /// <summary>Makes the options.</summary>
    /// <param name="defaults">What they are if the user does not say.</param>
    public SyncOptionSet(LipSyncFileOptions defaults)
    {
        _defaults = defaults;
        _numFrames = new("--num-frames")
        {
            Description = "Frames per clip, 4 to 32 in steps of 4.",
            DefaultValueFactory = _ => defaults.Sampling.NumFrames,
            CustomParser = Numbers.ParseWhole<int>,
        };
        _cacheInterval = new("--cache-interval")
        {
            Description = "DeepCache: a full step every N steps, 1 (off) to 10.",
            DefaultValueFactory = _ => defaults.Sampling.CacheInterval,
            CustomParser = Numbers.ParseWhole<int>,
        };
        _steps = new("--inference-steps")
        {
            Description = "Denoising steps, 1 to 999.",
            DefaultValueFactory = _ => defaults.Sampling.InferenceSteps,
            CustomParser = Numbers.ParseWhole<int>,
        };
        _sampler = Choices.Option(
            "--sampler",
            "How the latents are advanced from step to step: DDIM as the public code does, DPM-Solver++ (2M) or UniPC.",
            defaults.Sampling.Sampler,
            ["ddim", "dpmpp_2m", "uni_pc"]
        );
        _expression = new("--lips-expression")
        {
            Description = "Guidance scale, 1.0 (off, half the work) to 3.0.",
            DefaultValueFactory = _ => defaults.Sampling.LipsExpression,
            CustomParser = Numbers.ParseDouble,
        };
        _seed = new("--seed")
        {
            Description = "Seed of the noise.",
            DefaultValueFactory = _ => defaults.Sampling.Seed,
            CustomParser = Numbers.ParseWhole<ulong>,
        };
    }

    /// <summary>Events or results as JSON on standard output.</summary>
    public Option<bool> Json { get; } = CommonOptions.Json();

    /// <summary>The numbers.</summary>
    public IEnumerable<Option> Settings => [_quality, _numFrames, _cacheInterval, _steps, _sampler, _expression, _guidanceFrom, _guidanceTo, _seed];

    /// <summary>What comes last in the help.</summary>
    public IEnumerable<Option> Rest => [_overwrite, Json];

    /// <summary>Whether the result may be replaced.</summary>
    public bool Overwrite(CommandResult result) => Value(result, _overwrite, fallback: false);

    /// <summary>The numbers, as far as they can be parsed.</summary>
    public LipSyncFileOptions Read(CommandResult result) => Read(result, _defaults);

    /// <summary>The numbers, with other defaults than the help shows.</summary>
    public LipSyncFileOptions Read(CommandResult result, LipSyncFileOptions defaults)
    {
        var sampling = Value(result, _quality, fallback: null) is { } quality ? defaults.Sampling.With(quality) : defaults.Sampling;
        return _defaults with
        {
            Sampling = new SamplingOptions
            {
                NumFrames = Given(result, _numFrames, sampling.NumFrames),
                CacheInterval = Given(result, _cacheInterval, sampling.CacheInterval),
                InferenceSteps = Given(result, _steps, sampling.InferenceSteps),
                Sampler = Given(result, _sampler, sampling.Sampler),
                LipsExpression = Value(result, _expression, _defaults.Sampling.LipsExpression),
                GuidanceFrom = Value(result, _guidanceFrom, _defaults.Sampling.GuidanceFrom),
                GuidanceTo = Value(result, _guidanceTo, _defaults.Sampling.GuidanceTo),
                Seed = Value(result, _seed, _defaults.Sampling.Seed),
            },
        };
    }

    private static Option<double> Fraction(string name, string description, double fallback) =>
        new(name)
        {
            Description = description,
            HelpName = "fraction",
            DefaultValueFactory = _ => fallback,
            CustomParser = Numbers.ParseDouble,
        };

    private static T Given<T>(CommandResult result, Option<T> option, T fallback) =>
        result.GetResult(option) is { Implicit: false } ? Value(result, option, fallback) : fallback;

    /// <summary>An option's value. One that cannot be parsed is reported by the parser; its fallback lets the rest be checked.</summary>
    public static T Value<T>(CommandResult result, Option<T> option, T fallback)
    {
        try
        {
            return result.GetResult(option) is null ? fallback : result.GetValue(option) ?? fallback;
        }
        catch (InvalidOperationException)
        {
            return fallback;
        }
    }
}
