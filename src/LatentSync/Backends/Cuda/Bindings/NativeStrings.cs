using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>Zero-terminated UTF-8 copies of strings for a call, freed together.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> _copies = [];

    /// <summary>One string.</summary>
    public byte* Add(string text)
    {
        _copies.Add(Marshal.StringToCoTaskMemUTF8(text));
        return (byte*)_copies[^1];
    }

    /// <summary>Several, as an array of pointers.</summary>
    public byte*[] Add(IEnumerable<string> texts)
    {
        var list = texts.ToList();
        var pointers = new byte*[list.Count];
        for (var i = 0; i < pointers.Length; i++)
        {
            pointers[i] = Add(list[i]);
        }

        return pointers;
    }

    /// <inheritdoc/>
    public void Dispose() => _copies.ForEach(Marshal.FreeCoTaskMem);
}
