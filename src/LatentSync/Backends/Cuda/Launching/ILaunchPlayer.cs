using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>Plays launch lists: a card does, and in the tests the computer, slowly. Belongs to one thread.</summary>
internal interface ILaunchPlayer
{
    /// <summary>What its lists have to know of it.</summary>
    DeviceTraits Traits { get; }

    /// <summary>Gives memory to lists that will be prepared, and loads their weights.</summary>
    /// <param name="scratchBytes">What the largest list needs; see <see cref="ScratchLayout"/>.</param>
    /// <param name="weights">Which weights stay on the device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Runtime.DeviceMemoryException">The device has too little memory.</exception>
    void Load(long scratchBytes, WeightPlacement weights, CancellationToken cancellationToken);

    /// <summary>Binds a list to memory.</summary>
    PreparedList Prepare(LaunchList list);

    /// <summary>Queues the copy of bytes into a named buffer, from its start. The bytes may be changed at once.</summary>
    void Write(string name, ReadOnlySpan<byte> bytes);

    /// <summary>The first numbers of a named buffer of float32, part after part, when all that is queued is done.</summary>
    void Read(string name, IReadOnlyList<Memory<float>> parts);

    /// <summary>Sets a mark behind everything that is queued; a mark may be set again.</summary>
    void Mark(int mark);

    /// <summary>Waits until a mark has been reached.</summary>
    void Wait(int mark);

    /// <summary>Milliseconds between two marks that have been reached.</summary>
    double Elapsed(int from, int to);

    /// <summary>Takes the memory of all lists back; they must not be played any more.</summary>
    void Unload();
}
