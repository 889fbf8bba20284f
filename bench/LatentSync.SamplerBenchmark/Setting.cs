using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatentSync.SamplerBenchmark;

/// <summary>One sampling, as a line of JSON asks for it.</summary>
/// <param name="Sampler">ddim, dpmpp_2m or uni_pc.</param>
/// <param name="Steps">Denoising steps.</param>
/// <param name="Cache">DeepCache's interval.</param>
/// <param name="Guidance">Guidance scale.</param>
/// <param name="From">Where guidance begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Every">Every so many-th clip of each film is painted.</param>
internal sealed record Setting(string Sampler, int Steps, int Cache, double Guidance, double From, double To, int Every)
{
    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Frames of a clip.</summary>
    public const int ClipLength = 16;

    /// <summary>Reads a line.</summary>
    public static Setting Parse(string line) => JsonSerializer.Deserialize<Setting>(line, s_strict)!;

    /// <summary>The engine's options.</summary>
    /// <exception cref="LipSyncException">One of them is out of range.</exception>
    public LipSyncOptions ToOptions()
    {
        var sampling = new SamplingOptions
        {
            NumFrames = ClipLength,
            Sampler = Sampler switch
            {
                "ddim" => LatentSync.Sampler.Ddim,
                "dpmpp_2m" => LatentSync.Sampler.DpmPlusPlus2M,
                "uni_pc" => LatentSync.Sampler.UniPc,
                _ => throw new JsonException($"There is no sampler {Sampler}."),
            },
            InferenceSteps = Steps,
            CacheInterval = Cache,
            LipsExpression = Guidance,
            GuidanceFrom = From,
            GuidanceTo = To,
        };
        var options = new LipSyncOptions { Sampling = sampling };
        return options.Validate() is [var mistake, ..] ? throw new JsonException(mistake.ToString()) : options;
    }
}
