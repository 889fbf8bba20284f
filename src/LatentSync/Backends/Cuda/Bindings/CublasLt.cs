using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>The functions of cuBLASLt that products need. Names, arguments and numbers are those of its reference.</summary>
internal sealed unsafe class CublasLt
{
    /// <summary><c>CUBLAS_COMPUTE_32F</c>: sums in float32; with float32 numbers no tensor cores.</summary>
    public const int ComputeFloat32 = 68;

    /// <summary><c>CUDA_R_32F</c>.</summary>
    public const int Float32 = 0;

    /// <summary><c>CUDA_R_16F</c>.</summary>
    public const int Float16 = 2;

    /// <summary><c>CUDA_R_16BF</c>.</summary>
    public const int BFloat16 = 14;

    /// <summary><c>CUBLASLT_MATMUL_DESC_TRANSA</c>, an int32.</summary>
    public const int TransposeA = 3;

    /// <summary><c>CUBLASLT_MATMUL_DESC_EPILOGUE</c>, an int32.</summary>
    public const int Epilogue = 7;

    /// <summary><c>CUBLASLT_MATMUL_DESC_BIAS_POINTER</c>.</summary>
    public const int BiasPointer = 8;

    /// <summary><c>CUBLASLT_EPILOGUE_BIAS</c>: adds a vector along the first axis of D.</summary>
    public const int EpilogueBias = 4;

    /// <summary><c>CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT</c>, an int32.</summary>
    public const int BatchCount = 5;

    /// <summary><c>CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET</c>, an int64 in elements.</summary>
    public const int BatchStride = 6;

    /// <summary><c>CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES</c>.</summary>
    public const int MaxWorkspaceBytes = 1;

    // CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, and B, C and D after it.
    private const int MinAlignmentA = 5;

    private readonly delegate* unmanaged<nint*, int> _create;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<nuint> _getVersion;
    private readonly delegate* unmanaged<nint*, int, int, int> _descCreate;
    private readonly delegate* unmanaged<nint, int> _descDestroy;
    private readonly delegate* unmanaged<nint, int, void*, nuint, int> _descSet;
    private readonly delegate* unmanaged<nint*, int, ulong, ulong, long, int> _layoutCreate;
    private readonly delegate* unmanaged<nint, int> _layoutDestroy;
    private readonly delegate* unmanaged<nint, int, void*, nuint, int> _layoutSet;
    private readonly delegate* unmanaged<nint*, int> _preferenceCreate;
    private readonly delegate* unmanaged<nint, int> _preferenceDestroy;
    private readonly delegate* unmanaged<nint, int, void*, nuint, int> _preferenceSet;
    private readonly delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, int, CublasLtAlgorithm*, int*, int> _heuristic;
    private readonly delegate* unmanaged<
        nint,
        nint,
        void*,
        nint,
        nint,
        nint,
        nint,
        void*,
        nint,
        nint,
        nint,
        nint,
        CublasLtAlgorithm*,
        nint,
        nuint,
        nint,
        int> _matmul;

    /// <summary>Loads the library.</summary>
    public CublasLt(string path)
    {
        var library = new NativeFunctions("cuBLASLt", path);
        _create = (delegate* unmanaged<nint*, int>)library["cublasLtCreate"];
        _destroy = (delegate* unmanaged<nint, int>)library["cublasLtDestroy"];
        _getVersion = (delegate* unmanaged<nuint>)library["cublasLtGetVersion"];
        _descCreate = (delegate* unmanaged<nint*, int, int, int>)library["cublasLtMatmulDescCreate"];
        _descDestroy = (delegate* unmanaged<nint, int>)library["cublasLtMatmulDescDestroy"];
        _descSet = (delegate* unmanaged<nint, int, void*, nuint, int>)library["cublasLtMatmulDescSetAttribute"];
        _layoutCreate = (delegate* unmanaged<nint*, int, ulong, ulong, long, int>)library["cublasLtMatrixLayoutCreate"];
        _layoutDestroy = (delegate* unmanaged<nint, int>)library["cublasLtMatrixLayoutDestroy"];
        _layoutSet = (delegate* unmanaged<nint, int, void*, nuint, int>)library["cublasLtMatrixLayoutSetAttribute"];
        _preferenceCreate = (delegate* unmanaged<nint*, int>)library["cublasLtMatmulPreferenceCreate"];
        _preferenceDestroy = (delegate* unmanaged<nint, int>)library["cublasLtMatmulPreferenceDestroy"];
        _preferenceSet = (delegate* unmanaged<nint, int, void*, nuint, int>)library["cublasLtMatmulPreferenceSetAttribute"];
        _heuristic = (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, int, CublasLtAlgorithm*, int*, int>)
            library["cublasLtMatmulAlgoGetHeuristic"];
        _matmul = (delegate* unmanaged<nint, nint, void*, nint, nint, nint, nint, void*, nint, nint, nint, nint, CublasLtAlgorithm*, nint, nuint, nint, int>)
            library["cublasLtMatmul"];
    }

    /// <summary>Its number for a type of maps, tokens or weights.</summary>
    public static int TypeOf(DeviceDataType type) =>
        type switch
        {
            DeviceDataType.Float16 => Float16,
            DeviceDataType.BFloat16 => BFloat16,
            _ => Float32,
        };

    /// <summary>Such as 130100 for 13.1.</summary>
    public int Version => (int)_getVersion();

    /// <summary>Makes a handle in the current context.</summary>
    public nint Create()
    {
        nint handle;
        Check(_create(&handle), "start");
        return handle;
    }

    /// <summary>Frees a handle.</summary>
    public void Destroy(nint handle) => Check(_destroy(handle), "stop");

    /// <summary>A product's description: sums in float32.</summary>
    public nint CreateDescription()
    {
        nint description;
        Check(_descCreate(&description, ComputeFloat32, Float32), "describe a product");
        return description;
    }

    /// <summary>Frees a description.</summary>
    public void DestroyDescription(nint description) => Check(_descDestroy(description), "free a description");

    /// <summary>Sets one attribute of a description.</summary>
    public void Describe<T>(nint description, int attribute, T value)
        where T : unmanaged => Check(_descSet(description, attribute, &value, (nuint)sizeof(T)), "describe a product");

    /// <summary>A matrix in memory, columns one after the other.</summary>
    /// <param name="type">As <see cref="TypeOf"/> says.</param>
    /// <param name="rows">Length of a column.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="stride">Elements from one column to the next.</param>
    /// <param name="batch">How many such matrices, and elements from one to the next.</param>
    public nint CreateLayout(int type, long rows, long columns, long stride, (int Count, long Stride) batch)
    {
        nint layout;
        Check(_layoutCreate(&layout, type, (ulong)rows, (ulong)columns, stride), "describe a matrix");
        if (batch.Count > 1)
        {
            Check(_layoutSet(layout, BatchCount, &batch.Count, sizeof(int)), "describe a batch");
            Check(_layoutSet(layout, BatchStride, &batch.Stride, sizeof(long)), "describe a batch");
        }

        return layout;
    }

    /// <summary>Frees a layout.</summary>
    public void DestroyLayout(nint layout) => Check(_layoutDestroy(layout), "free a matrix");

    /// <summary>The algorithms it would take, the likely fastest first; none if it cannot compute the product.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="description">The product.</param>
    /// <param name="a">A's layout.</param>
    /// <param name="b">B's layout.</param>
    /// <param name="c">C's layout.</param>
    /// <param name="d">D's layout.</param>
    /// <param name="alignments">Bytes of which the addresses of A, B, C and D are multiples.</param>
    /// <param name="workspaceBytes">Scratch memory.</param>
    /// <param name="most">How many at most.</param>
    public CublasLtAlgorithm[] Candidates(
        nint handle,
        nint description,
        nint a,
        nint b,
        nint c,
        nint d,
        ReadOnlySpan<uint> alignments,
        long workspaceBytes,
        int most
    )
    {
        nint preference;
        Check(_preferenceCreate(&preference), "take a preference");
        try
        {
            var space = (nuint)workspaceBytes;
            Check(_preferenceSet(preference, MaxWorkspaceBytes, &space, (nuint)sizeof(nuint)), "take a preference");
            for (var i = 0; i < alignments.Length; i++)
            {
                var alignment = alignments[i];
                Check(_preferenceSet(preference, MinAlignmentA + i, &alignment, sizeof(uint)), "take a preference");
            }

            var found = new CublasLtAlgorithm[most];
            int count,
                result;
            fixed (CublasLtAlgorithm* first = found)
            {
                result = _heuristic(handle, description, a, b, c, d, preference, most, first, &count);
            }

            return result == 0 ? found[..count] : [];
        }
        finally
        {
            Check(_preferenceDestroy(preference), "free a preference");
        }
    }

    /// <summary>Queues D = A B + beta C.</summary>
    /// <returns>0, or cuBLAS's error.</returns>
    public int Multiply(
        nint handle,
        nint description,
        nint a,
        nint aLayout,
        nint b,
        nint bLayout,
        float beta,
        nint c,
        nint cLayout,
        nint d,
        nint dLayout,
        in CublasLtAlgorithm algorithm,
        nint workspace,
        long workspaceBytes,
        nint stream
    )
    {
        var one = 1f;
        fixed (CublasLtAlgorithm* chosen = &algorithm)
        {
            return _matmul(handle, description, &one, a, aLayout, b, bLayout, &beta, c, cLayout, d, dLayout, chosen, workspace, (nuint)workspaceBytes, stream);
        }
    }

    /// <summary>Throws unless a call has succeeded.</summary>
    public static void Check(int result, string what)
    {
        if (result != 0)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"cuBLASLt failed to {what} (status {result}); see what else runs on the GPU with nvidia-smi, or run with {OptionReference.Cpu}."
            );
        }
    }
}
