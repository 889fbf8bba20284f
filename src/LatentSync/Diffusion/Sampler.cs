namespace LatentSync;

/// <summary>How the latents are advanced from one denoising step to the next. All lead to the same result as the steps become many.</summary>
public enum Sampler
{
    /// <summary>DDIM, first order: what the public code uses.</summary>
    Ddim = 0,

    /// <summary>DPM-Solver++ (2M), second order: <c>dpmpp_2m</c>.</summary>
    DpmPlusPlus2M = 1,

    /// <summary>UniPC (bh2), second order with a corrector: <c>uni_pc</c>.</summary>
    UniPc = 2,
}
