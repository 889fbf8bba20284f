namespace LatentSync;

/// <summary>How clips are denoised.</summary>
public sealed record SamplingOptions
{
    /// <summary>Frames per clip given to the model: 4 to 32 in steps of 4, default 16. Above 24 a clip runs as two equal clips.</summary>
    public int NumFrames { get; init; } = 16;

    /// <summary>DeepCache: a full step of the network every so many denoising steps; 1 to 10, default 3, 1 = off.</summary>
    public int CacheInterval { get; init; } = 3;

    /// <summary>Denoising steps: 1 to 999, default 20.</summary>
    public int InferenceSteps { get; init; } = 20;

    /// <summary>What advances the latents from step to step, by default DDIM, as the public code does.</summary>
    public Sampler Sampler { get; init; }

    /// <summary>Guidance scale, how strongly the lips follow the sound: 1.0 to 3.0, default 1.5. 1.0 halves the work.</summary>
    public double LipsExpression { get; init; } = 1.5;

    /// <summary>
    /// Where guidance begins, as a fraction of the steps: 0 to 1, default 0. A step is guided if its middle lies between this and
    /// <see cref="GuidanceTo"/>; the others take half the work.
    /// </summary>
    public double GuidanceFrom { get; init; }

    /// <summary>Where guidance ends, as a fraction of the steps: above <see cref="GuidanceFrom"/>, at most 1, which is the default.</summary>
    public double GuidanceTo { get; init; } = 1;

    /// <summary>Seed of the noise, default 1247. The noise depends on nothing else: not on the clip size, not on the device.</summary>
    public ulong Seed { get; init; } = 1247;

    /// <summary>The same with sampler, steps and caching of a preset.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such preset.</exception>
    public SamplingOptions With(QualityPreset quality)
    {
        var (steps, cacheInterval) = quality switch
        {
            QualityPreset.Preview => (4, 2),
            QualityPreset.Balanced => (8, 2),
            QualityPreset.Best => (15, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, message: null),
        };
        return this with { Sampler = Sampler.DpmPlusPlus2M, InferenceSteps = steps, CacheInterval = cacheInterval };
    }

    /// <summary>What users call the sampler.</summary>
    internal string SamplerName =>
        Sampler switch
        {
            Sampler.DpmPlusPlus2M => "dpmpp_2m",
            Sampler.UniPc => "uni_pc",
            _ => "ddim",
        };

    internal IEnumerable<OptionMistake> Mistakes()
    {
        if (NumFrames is < 4 or > 32 || NumFrames % 4 != 0)
        {
            yield return OptionMistake.Of(nameof(NumFrames), NumFrames, $"it must be 4, 8, 12, 16, 20, 24, 28 or 32");
        }

        if (CacheInterval is < 1 or > 10)
        {
            yield return OptionMistake.Of(nameof(CacheInterval), CacheInterval, $"it must be from 1 to 10");
        }

        if (InferenceSteps is < 1 or > 999)
        {
            yield return OptionMistake.Of(nameof(InferenceSteps), InferenceSteps, $"it must be from 1 to 999");
        }

        if (LipsExpression is not (>= 1 and <= 3))
        {
            yield return OptionMistake.Of(nameof(LipsExpression), LipsExpression, $"it must be from 1.0 to 3.0");
        }

        if (!Enum.IsDefined(Sampler))
        {
            yield return OptionMistake.Of(nameof(Sampler), (int)Sampler, $"use a value of Sampler");
        }

        if (GuidanceFrom is not (>= 0 and <= 1))
        {
            yield return OptionMistake.Of(nameof(GuidanceFrom), GuidanceFrom, $"it must be from 0 to 1");
        }

        if (!(GuidanceTo > GuidanceFrom && GuidanceTo <= 1))
        {
            var from = new OptionReference(nameof(GuidanceFrom));
            yield return OptionMistake.Of(nameof(GuidanceTo), GuidanceTo, $"it must be above {from} and at most 1");
        }
    }
}
