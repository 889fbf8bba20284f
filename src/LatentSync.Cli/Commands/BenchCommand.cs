using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.GpuBenchmarks;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync bench</c>: times and memory of the full-size networks on a card, without a download.</summary>
internal sealed class BenchCommand : Command
{
    private static readonly GpuBenchmarkOptions Defaults = new();

    private readonly Option<string> _synthetic = new("--synthetic")
    {
        Description = "Networks with made-up weights: 1.6 (512 pixels) or 1.5 (256 pixels).",
        DefaultValueFactory = _ => "1.6",
        HelpName = "version",
    };
    private readonly Option<int> _card = new("--card") { Description = "Number of the card.", CustomParser = Numbers.ParseWhole<int> };
    private readonly Option<int> _frames = new("--num-frames")
    {
        Description = "Frames of a clip.",
        DefaultValueFactory = _ => Defaults.NumFrames,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<int> _steps = new("--inference-steps")
    {
        Description = "Denoising steps.",
        DefaultValueFactory = _ => Defaults.InferenceSteps,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<int> _cache = new("--cache-interval")
    {
        Description = "A full step every N steps.",
        DefaultValueFactory = _ => Defaults.CacheInterval,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<double> _guidance = new("--lips-expression")
    {
        Description = "Guidance scale.",
        DefaultValueFactory = _ => Defaults.LipsExpression,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<int> _clips = new("--clips")
    {
        Description = "Clips after the first, for the median.",
        DefaultValueFactory = _ => Defaults.Clips,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<double[]?> _vram = new("--vram")
    {
        Description = "Memory budgets in GiB, a plan for each; 0 is no limit (default: all plans).",
        HelpName = "GiB",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => Numbers.ParseGibibytes(result, mayBeZero: true),
    };
    private readonly Option<string[]> _plans = new("--plan")
    {
        Description = "Names of plans to run as they are.",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly PrecisionOptionSet _precision = new();
    private readonly Option<bool> _general = new("--general-kernels") { Description = "Leave out the kernels that only compute capability 9.0 has." };
    private readonly Option<bool> _compare = new("--compare") { Description = "Compare a step of each plan with float32." };
    private readonly Option<int> _profile = new("--profile")
    {
        Description = "Print the N operations that take longest.",
        HelpName = "N",
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<string?> _video = new("--video")
    {
        Description = "Lip-sync this video instead, with mouths of noise, to measure a whole job.",
        HelpName = "file",
    };
    private readonly Option<string?> _audio = new("--audio") { Description = "The sound for --video.", HelpName = "file" };
    private readonly Option<string?> _out = new("--out") { Description = "The result of --video.", HelpName = "file" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public BenchCommand()
        : base("bench", "Measure the full-size networks on an NVIDIA card, without a download.")
    {
        foreach (
            var option in (Option[])
                [
                    _synthetic,
                    _card,
                    _frames,
                    _steps,
                    _cache,
                    _guidance,
                    _clips,
                    _vram,
                    _plans,
                    .. _precision.Settings,
                    _general,
                    _compare,
                    _profile,
                    _video,
                    _audio,
                    _out,
                    _json,
                ]
        )
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (_precision.Mistake(result) is { } wrong)
            {
                result.AddError(wrong);
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new GpuBenchmarkOptions
        {
            Card = parsed.GetValue(_card),
            Resolution = parsed.GetValue(_synthetic) == "1.5" ? 256 : 512,
            NumFrames = parsed.GetValue(_frames),
            InferenceSteps = parsed.GetValue(_steps),
            CacheInterval = parsed.GetValue(_cache),
            LipsExpression = parsed.GetValue(_guidance),
            Clips = parsed.GetValue(_clips),
            Budgets = parsed.GetValue(_vram) ?? [],
            Plans = parsed.GetValue(_plans) ?? [],
            Precision = _precision.Read(parsed.CommandResult),
            OnlyGeneralKernels = parsed.GetValue(_general),
            ComparesTypes = parsed.GetValue(_compare),
            WithProfile = parsed.GetValue(_profile) > 0,
        };
        if (parsed.GetValue(_video) is { } video)
        {
            return await RunJobAsync(parsed, options, video, cancellationToken);
        }

        var rows = await Task.Run(() => GpuBenchmark.Run(options, Console.Error.WriteLine, cancellationToken), cancellationToken);
        if (parsed.GetValue(_json))
        {
            BenchReport.WriteJson(rows);
        }
        else
        {
            BenchReport.WriteText(rows, parsed.GetValue(_profile));
        }

        return 0;
    }

    private async Task<int> RunJobAsync(ParseResult parsed, GpuBenchmarkOptions options, string video, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(_json);
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = parsed.GetValue(_audio) ?? video,
            Output = parsed.GetValue(_out) ?? throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"--video needs --out, the file for the result."),
            Overwrite = true,
            Options = new LipSyncFileOptions
            {
                Sampling = new SamplingOptions
                {
                    NumFrames = options.NumFrames,
                    InferenceSteps = options.InferenceSteps,
                    CacheInterval = options.CacheInterval,
                    LipsExpression = options.LipsExpression,
                },
            },
        };
        var engine = new LipSyncEngineOptions
        {
            ModelFolder = string.Empty,
            Resolution = options.Resolution,
            Device = LipSyncDevice.Cuda(options.Card),
            VramBudget = options.Budgets.Count > 0 ? options.Budgets[0] : null,
            Precision = options.Precision,
            Logger = new NoticeLogger(sentence => NoticeReport.Write(sentence, json)),
        };
        var result = await GpuBenchmark.RunJobAsync(request, engine, cancellationToken);
        ResultReport.Write(result, json);
        return 0;
    }
}
