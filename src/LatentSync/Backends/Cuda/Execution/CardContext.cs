using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>What everything that runs on a card shares: its memory, its queue, scratch memory for libraries, a clock and what is known already.</summary>
internal sealed class CardContext : IDisposable
{
    /// <summary>The unit in which the arena grows, in bytes.</summary>
    public const long ChunkBytes = 32L << 20;

    // Addresses cost nothing: more than any card has, with room for fragments.
    private const long RangeBytes = 256L << 30;

    private DeviceBuffer? _workspace;

    /// <summary>Reserves addresses, but takes no memory.</summary>
    /// <param name="device">The card.</param>
    /// <param name="plans">What is known about it.</param>
    /// <param name="workspaceBytes">Scratch memory of libraries: plans that want more are not taken.</param>
    public CardContext(CudaDevice device, PlanStore plans, long workspaceBytes)
    {
        (Device, Plans, WorkspaceBytes) = (device, plans, workspaceBytes);
        Arena = new DeviceArena(device, RangeBytes, ChunkBytes);
        Timer = new CardTimer(device);
    }

    /// <summary>The card.</summary>
    public CudaDevice Device { get; }

    /// <summary>Its memory.</summary>
    public DeviceArena Arena { get; }

    /// <summary>Fastest algorithms and plans.</summary>
    public PlanStore Plans { get; }

    /// <summary>A clock.</summary>
    public CardTimer Timer { get; }

    /// <summary>The queue.</summary>
    public nint Stream => Device.ComputeStream;

    /// <summary>Scratch memory of libraries; it is there after <see cref="TakeWorkspace"/>.</summary>
    public nint Workspace => _workspace!.Pointer;

    /// <summary>Its size.</summary>
    public long WorkspaceBytes { get; }

    /// <summary>Takes the scratch memory of libraries, unless it is there: before other memory, since it is kept until the end.</summary>
    /// <exception cref="DeviceMemoryException">The card has too little memory.</exception>
    public void TakeWorkspace() => _workspace ??= new DeviceBuffer(Arena, WorkspaceBytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Timer.Dispose();
        _workspace?.Dispose();
        Arena.Dispose();
    }
}
