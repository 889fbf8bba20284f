namespace LatentSync.GpuBenchmarks;

/// <summary>What is measured on a card.</summary>
public sealed record GpuBenchmarkOptions
{
    /// <summary>Number of the card among those CUDA shows.</summary>
    public int Card { get; init; }

    /// <summary>Width and height of the faces: 512 as LatentSync 1.6, 256 as 1.5.</summary>
    public int Resolution { get; init; } = 512;

    /// <summary>Frames of a clip.</summary>
    public int NumFrames { get; init; } = 16;

    /// <summary>Denoising steps.</summary>
    public int InferenceSteps { get; init; } = 20;

    /// <summary>DeepCache's interval.</summary>
    public int CacheInterval { get; init; } = 3;

    /// <summary>Guidance scale.</summary>
    public double LipsExpression { get; init; } = 1.5;

    /// <summary>Clips after the first one, over which medians are taken.</summary>
    public int Clips { get; init; } = 3;

    /// <summary>Memory budgets in GiB, one plan for each; 0 is no limit. Empty runs all plans.</summary>
    public IReadOnlyList<double> Budgets { get; init; } = [];

    /// <summary>Names of plans to run as they are; empty for none.</summary>
    public IReadOnlyList<string> Plans { get; init; } = [];

    /// <summary>The numbers in which the networks compute.</summary>
    public DevicePrecision Precision { get; init; }

    /// <summary>Also compares one full step of each plan, and the faces, with float32.</summary>
    public bool ComparesTypes { get; init; }

    /// <summary>Also measures each operation of a clip.</summary>
    public bool WithProfile { get; init; }

    /// <summary>Without the kernels that only compute capability 9.0 has.</summary>
    public bool OnlyGeneralKernels { get; init; }
}
