using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary><c>cublasLtMatmulHeuristicResult_t</c>: an algorithm, and what it needs. A call reads the first 64 bytes only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CublasLtAlgorithm
{
    /// <summary>The algorithm itself, opaque.</summary>
    public AlgorithmData Data;

    /// <summary>Bytes of workspace it needs.</summary>
    public nuint WorkspaceBytes;

    /// <summary>0 if it can run.</summary>
    public int State;

    /// <summary>Waves of blocks on this card.</summary>
    public float Waves;

    /// <summary>Not used.</summary>
    public long Reserved0;

    /// <summary>Not used.</summary>
    public long Reserved1;

    /// <summary><c>cublasLtMatmulAlgo_t</c>: 64 opaque bytes.</summary>
    [System.Runtime.CompilerServices.InlineArray(8)]
    public struct AlgorithmData
    {
        private ulong _first;
    }
}
