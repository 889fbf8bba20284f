using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>Collects the arguments of a kernel in their order.</summary>
internal sealed class KernelArguments
{
    private readonly List<ulong> _values = [];
    private readonly List<int> _starts = [];

    /// <summary>The bytes of all, in units of eight.</summary>
    public ReadOnlySpan<ulong> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>Where each begins among them.</summary>
    public IReadOnlyList<int> Starts => _starts;

    /// <summary>A pointer on the card.</summary>
    public KernelArguments Add(nint pointer) => Append((ulong)pointer);

    /// <summary>A whole number.</summary>
    public KernelArguments Add(int number) => Append((uint)number);

    /// <summary>A float32 number.</summary>
    public KernelArguments Add(float number) => Append(Unsafe.BitCast<float, uint>(number));

    /// <summary>A structure whose size is a multiple of eight bytes.</summary>
    public KernelArguments Add(ReadOnlySpan<ulong> structure) => Append(structure);

    private KernelArguments Append(params ReadOnlySpan<ulong> bits)
    {
        _starts.Add(_values.Count);
        _values.AddRange(bits);
        return this;
    }
}
