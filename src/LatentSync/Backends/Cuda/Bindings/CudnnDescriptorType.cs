namespace LatentSync.Backends.Cuda.Bindings;

/// <summary><c>cudnnBackendDescriptorType_t</c>: what a descriptor of cuDNN's graph interface describes; those that are used here.</summary>
internal enum CudnnDescriptorType
{
    /// <summary>An element by element operation.</summary>
    Pointwise = 0,

    /// <summary>Strides and padding of a convolution.</summary>
    Convolution = 1,

    /// <summary>A way to compute a graph.</summary>
    Engine = 2,

    /// <summary>An engine with its settings.</summary>
    EngineConfiguration = 3,

    /// <summary>Finds engines for a graph.</summary>
    EngineHeuristics = 4,

    /// <summary>An engine made ready.</summary>
    ExecutionPlan = 5,

    /// <summary>A convolution and its tensors.</summary>
    OperationConvolutionForward = 10,

    /// <summary>An element by element operation and its tensors.</summary>
    OperationPointwise = 13,

    /// <summary>Operations that follow each other.</summary>
    OperationGraph = 15,

    /// <summary>Addresses for a plan.</summary>
    VariantPack = 16,

    /// <summary>A tensor's type, shape and strides.</summary>
    Tensor = 17,

    /// <summary>A matrix product.</summary>
    MatrixProduct = 18,

    /// <summary>A matrix product and its tensors.</summary>
    OperationMatrixProduct = 19,

    /// <summary>A sum or maximum along axes.</summary>
    Reduction = 21,

    /// <summary>A reduction and its tensors.</summary>
    OperationReduction = 22,

    /// <summary>Attention and its tensors; cuDNN 9.13 and newer.</summary>
    OperationAttentionForward = 41,
}
