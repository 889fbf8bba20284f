namespace LatentSync.Backends.Cuda.Bindings;

/// <summary><c>cudnnBackendAttributeType_t</c>: the types of attributes; those that are used here.</summary>
internal enum CudnnType
{
    /// <summary>A handle.</summary>
    Handle = 0,

    /// <summary><c>cudnnDataType_t</c>.</summary>
    DataType = 1,

    /// <summary>One byte.</summary>
    Boolean = 2,

    /// <summary>64 bits.</summary>
    Int64 = 3,

    /// <summary>float32.</summary>
    Float = 4,

    /// <summary>An address.</summary>
    Pointer = 6,

    /// <summary><c>cudnnConvolutionMode_t</c>.</summary>
    ConvolutionMode = 7,

    /// <summary><c>cudnnBackendHeurMode_t</c>.</summary>
    HeuristicsMode = 8,

    /// <summary><c>cudnnBackendNumericalNote_t</c>.</summary>
    NumericalNote = 11,

    /// <summary><c>cudnnPointwiseMode_t</c>.</summary>
    PointwiseMode = 14,

    /// <summary>Another descriptor.</summary>
    Descriptor = 15,

    /// <summary><c>cudnnReduceTensorOp_t</c>.</summary>
    ReductionOperator = 18,

    /// <summary>One letter.</summary>
    Character = 24,
}
