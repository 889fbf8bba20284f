using System.Diagnostics.CodeAnalysis;

namespace LatentSync;

/// <summary>What the networks run on.</summary>
public sealed record LipSyncDevice
{
    private const string AutoName = "auto";
    private const string CpuName = "cpu";
    private const string CudaPrefix = "cuda:";

    private LipSyncDevice() { }

    /// <summary>The first NVIDIA card if everything for it is installed, else the CPU.</summary>
    public static LipSyncDevice Auto { get; } = new();

    /// <summary>The CPU.</summary>
    public static LipSyncDevice Cpu { get; } = new() { IsCpu = true };

    /// <summary>True for <see cref="Cpu"/>.</summary>
    internal bool IsCpu { get; private init; }

    /// <summary>Number of an NVIDIA card among those CUDA shows; null if none was named.</summary>
    internal int? Card { get; private init; }

    /// <summary>An NVIDIA card.</summary>
    /// <param name="card">Its number among those CUDA shows, from 0.</param>
    public static LipSyncDevice Cuda(int card)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(card);
        return new LipSyncDevice { Card = card };
    }

    /// <summary>Reads <c>auto</c>, <c>cpu</c> or <c>cuda:N</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LipSyncDevice? device)
    {
        device = text switch
        {
            AutoName => Auto,
            CpuName => Cpu,
            not null
                when text.StartsWith(CudaPrefix, StringComparison.Ordinal)
                    && int.TryParse(text.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var card) => Cuda(card),
            _ => null,
        };
        return device is not null;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        IsCpu ? CpuName
        : Card is { } card ? Invariant($"{CudaPrefix}{card}")
        : AutoName;
}
