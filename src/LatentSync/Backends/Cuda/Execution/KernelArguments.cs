using System.Runtime.CompilerServices;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>A kernel's arguments, each in eight bytes of its own.</summary>
internal sealed class KernelArguments
{
    private readonly List<ulong> _values = [];

    /// <summary>The bytes of each.</summary>
    public ReadOnlySpan<ulong> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    /// <summary>A pointer on the card.</summary>
    public KernelArguments Add(nint pointer) => Append((ulong)pointer);

    /// <summary>A whole number.</summary>
    public KernelArguments Add(int number) => Append((uint)number);

    /// <summary>A float32 number.</summary>
    public KernelArguments Add(float number) => Append(Unsafe.BitCast<float, uint>(number));

    private KernelArguments Append(ulong value)
    {
        _values.Add(value);
        return this;
    }
}
