using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>A graph of operations in cuDNN's terms while it is being described; its descriptors are freed with it.</summary>
internal sealed class CudnnGraph(Cudnn cudnn, nint handle) : IDisposable
{
    private const int MostConfigurations = 16;
    private const long Alignment = 16;
    private const int PointwiseMultiply = 1;
    private const int PointwiseDivide = 6;
    private const int PointwiseSubtract = 9;
    private const int PointwiseExponential = 13;
    private const int PointwiseLogarithm = 15;
    private const int PointwiseAdd = 0;
    private const int ReductionAdd = 0;
    private const int ReductionMaximum = 3;
    private const int CrossCorrelation = 1;

    private readonly List<CudnnDescriptor> _owned = [];
    private readonly List<CudnnDescriptor> _operations = [];
    private long _lastVirtual = 1000;

    /// <summary>A tensor in memory.</summary>
    /// <param name="id">Its number, by which memory is given to it.</param>
    /// <param name="type">Type of its numbers.</param>
    /// <param name="dimensions">Sizes.</param>
    /// <param name="strides">Numbers from one index to the next.</param>
    public CudnnDescriptor Tensor(long id, DeviceDataType type, long[] dimensions, long[] strides) => Describe(id, type, dimensions, strides).Complete();

    /// <summary>A number that is given with the memory, float32.</summary>
    public CudnnDescriptor Number(long id) =>
        Describe(id, DeviceDataType.Float32, [1, 1, 1, 1], [1, 1, 1, 1]).Set(CudnnAttribute.TensorIsByValue, true).Complete();

    /// <summary>A dense tensor between two operations, in registers.</summary>
    public CudnnDescriptor Inner(DeviceDataType type, params long[] dimensions)
    {
        var strides = new long[dimensions.Length];
        for (var (i, stride) = (dimensions.Length - 1, 1L); i >= 0; stride *= dimensions[i--])
        {
            strides[i] = stride;
        }

        return Describe(++_lastVirtual, type, dimensions, strides).Set(CudnnAttribute.TensorIsVirtual, true).Complete();
    }

    /// <summary>A two-dimensional convolution, sums in float32.</summary>
    public void Convolve(CudnnDescriptor x, CudnnDescriptor w, CudnnDescriptor y, long stride, long before, long after)
    {
        var convolution = New(CudnnDescriptorType.Convolution)
            .Set(CudnnAttribute.ConvolutionSpatialDimensions, 2L)
            .Set<int>(CudnnAttribute.ConvolutionComputeType, CudnnType.DataType, Cudnn.Float32)
            .Set<int>(CudnnAttribute.ConvolutionMode, CudnnType.ConvolutionMode, CrossCorrelation)
            .Set(CudnnAttribute.ConvolutionPrePaddings, before, before)
            .Set(CudnnAttribute.ConvolutionPostPaddings, after, after)
            .Set(CudnnAttribute.ConvolutionFilterStrides, stride, stride)
            .Set(CudnnAttribute.ConvolutionDilations, 1L, 1L)
            .Complete();
        _operations.Add(
            New(CudnnDescriptorType.OperationConvolutionForward)
                .Set(CudnnAttribute.OperationConvolutionForwardConvolution, convolution)
                .Set(CudnnAttribute.OperationConvolutionForwardInput, x)
                .Set(CudnnAttribute.OperationConvolutionForwardWeights, w)
                .Set(CudnnAttribute.OperationConvolutionForwardOutput, y)
                .Set(CudnnAttribute.OperationConvolutionForwardAlpha, 1f)
                .Set(CudnnAttribute.OperationConvolutionForwardBeta, 0f)
                .Complete()
        );
    }

    /// <summary>left right, matrix by matrix.</summary>
    public void Multiply(CudnnDescriptor left, CudnnDescriptor right, CudnnDescriptor result)
    {
        var product = New(CudnnDescriptorType.MatrixProduct).Set<int>(CudnnAttribute.MatrixProductComputeType, CudnnType.DataType, Cudnn.Float32).Complete();
        _operations.Add(
            New(CudnnDescriptorType.OperationMatrixProduct)
                .Set(CudnnAttribute.OperationMatrixProductDescriptor, product)
                .Set(CudnnAttribute.OperationMatrixProductLeft, left)
                .Set(CudnnAttribute.OperationMatrixProductRight, right)
                .Set(CudnnAttribute.OperationMatrixProductResult, result)
                .Complete()
        );
    }

    /// <summary>x * factor.</summary>
    public void Scale(CudnnDescriptor x, CudnnDescriptor factor, CudnnDescriptor y) => Pointwise(PointwiseMultiply, x, factor, y);

    /// <summary>softmax along the last axis, in the operations that cuDNN's attention kernels recognise.</summary>
    /// <param name="x">Scores, float32.</param>
    /// <param name="y">Weights.</param>
    /// <param name="dimensions">Sizes of both.</param>
    public void Softmax(CudnnDescriptor x, CudnnDescriptor y, params long[] dimensions)
    {
        long[] rows = [.. dimensions[..^1], 1];
        var (most, less, exponentials, sums) = (
            Inner(DeviceDataType.Float32, rows),
            Inner(DeviceDataType.Float32, dimensions),
            Inner(DeviceDataType.Float32, dimensions),
            Inner(DeviceDataType.Float32, rows)
        );
        Reduce(ReductionMaximum, x, most);
        Pointwise(PointwiseSubtract, x, most, less);
        Pointwise(PointwiseExponential, less, null, exponentials);
        Reduce(ReductionAdd, exponentials, sums);

        // Nobody reads the logarithm of the sum, but the kernels are recognised by it.
        var (logarithm, total) = (Inner(DeviceDataType.Float32, rows), Inner(DeviceDataType.Float32, rows));
        Pointwise(PointwiseLogarithm, sums, null, logarithm);
        Pointwise(PointwiseAdd, most, logarithm, total);
        Pointwise(PointwiseDivide, exponentials, sums, y);
    }

    /// <summary>Attention as one operation, which cuDNN 9.13 and newer have.</summary>
    public void Attend(CudnnDescriptor query, CudnnDescriptor key, CudnnDescriptor value, CudnnDescriptor result, CudnnDescriptor factor) =>
        _operations.Add(
            New(CudnnDescriptorType.OperationAttentionForward)
                .Set(CudnnAttribute.OperationAttentionForwardQuery, query)
                .Set(CudnnAttribute.OperationAttentionForwardKey, key)
                .Set(CudnnAttribute.OperationAttentionForwardValue, value)
                .Set(CudnnAttribute.OperationAttentionForwardResult, result)
                .Set(CudnnAttribute.OperationAttentionForwardFactor, factor)
                .Complete()
        );

    /// <summary>Plans for the graph that work within a workspace, the likely fastest first; the caller frees them.</summary>
    /// <param name="workspaceBytes">The workspace.</param>
    /// <param name="isExact">Whether engines that round their inputs are left out.</param>
    public IEnumerable<CudnnDescriptor> Plans(long workspaceBytes, bool isExact)
    {
        var graph = New(CudnnDescriptorType.OperationGraph)
            .Set<nint>(CudnnAttribute.OperationGraphHandle, CudnnType.Handle, handle)
            .Set(CudnnAttribute.OperationGraphOperations, [.. _operations])
            .Complete();
        foreach (var mode in new[] { Cudnn.HeuristicsA, Cudnn.HeuristicsFallback })
        {
            foreach (var configuration in Configurations(graph, mode))
            {
                // With float32 numbers, tensor cores mean TF32.
                if (isExact && Notes(configuration).Exists(note => note is Cudnn.NoteTensorCores or Cudnn.NoteRoundsInputs))
                {
                    continue;
                }

                var plan = new CudnnDescriptor(cudnn, CudnnDescriptorType.ExecutionPlan)
                    .Set<nint>(CudnnAttribute.ExecutionPlanHandle, CudnnType.Handle, handle)
                    .Set(CudnnAttribute.ExecutionPlanEngineConfiguration, configuration);
                if (plan.TryComplete() && Workspace(cudnn, plan) <= workspaceBytes)
                {
                    yield return plan;
                }
                else
                {
                    plan.Dispose();
                }
            }
        }
    }

    /// <summary>Bytes of workspace that a plan needs.</summary>
    public static long Workspace(Cudnn cudnn, CudnnDescriptor plan)
    {
        Span<long> bytes = [0];
        cudnn.Get(plan.Pointer, CudnnAttribute.ExecutionPlanWorkspaceSize, CudnnType.Int64, bytes);
        return bytes[0];
    }

    /// <inheritdoc/>
    public void Dispose() => Enumerable.Reverse(_owned).ToList().ForEach(descriptor => descriptor.Dispose());

    private List<CudnnDescriptor> Configurations(CudnnDescriptor graph, int mode)
    {
        var heuristics = New(CudnnDescriptorType.EngineHeuristics)
            .Set(CudnnAttribute.EngineHeuristicsOperationGraph, graph)
            .Set<int>(CudnnAttribute.EngineHeuristicsMode, CudnnType.HeuristicsMode, mode);
        if (!heuristics.TryComplete())
        {
            return [];
        }

        List<CudnnDescriptor> configurations = [.. Enumerable.Range(0, MostConfigurations).Select(_ => New(CudnnDescriptorType.EngineConfiguration))];
        Span<nint> pointers = [.. configurations.Select(configuration => configuration.Pointer)];
        var count = cudnn.Get(heuristics.Pointer, CudnnAttribute.EngineHeuristicsResults, CudnnType.Descriptor, pointers);
        return configurations[..Math.Min(count, MostConfigurations)];
    }

    private List<int> Notes(CudnnDescriptor configuration)
    {
        var engine = New(CudnnDescriptorType.Engine);
        Span<nint> pointer = [engine.Pointer];
        cudnn.Get(configuration.Pointer, CudnnAttribute.EngineConfigurationEngine, CudnnType.Descriptor, pointer);
        Span<int> notes = stackalloc int[16];
        var count = cudnn.Get(engine.Pointer, CudnnAttribute.EngineNumericalNote, CudnnType.NumericalNote, notes);
        return [.. notes[..Math.Min(count, notes.Length)]];
    }

    private void Pointwise(int mode, CudnnDescriptor x, CudnnDescriptor? second, CudnnDescriptor y)
    {
        var pointwise = New(CudnnDescriptorType.Pointwise)
            .Set<int>(CudnnAttribute.PointwiseMode, CudnnType.PointwiseMode, mode)
            .Set<int>(CudnnAttribute.PointwiseMathPrecision, CudnnType.DataType, Cudnn.Float32)
            .Complete();
        var operation = New(CudnnDescriptorType.OperationPointwise)
            .Set(CudnnAttribute.OperationPointwiseDescriptor, pointwise)
            .Set(CudnnAttribute.OperationPointwiseInput, x)
            .Set(CudnnAttribute.OperationPointwiseOutput, y);
        if (second is not null)
        {
            operation.Set(CudnnAttribute.OperationPointwiseSecondInput, second);
        }

        _operations.Add(operation.Complete());
    }

    private void Reduce(int mode, CudnnDescriptor x, CudnnDescriptor y)
    {
        var reduction = New(CudnnDescriptorType.Reduction)
            .Set<int>(CudnnAttribute.ReductionOperator, CudnnType.ReductionOperator, mode)
            .Set<int>(CudnnAttribute.ReductionComputeType, CudnnType.DataType, Cudnn.Float32)
            .Complete();
        _operations.Add(
            New(CudnnDescriptorType.OperationReduction)
                .Set(CudnnAttribute.OperationReductionDescriptor, reduction)
                .Set(CudnnAttribute.OperationReductionInput, x)
                .Set(CudnnAttribute.OperationReductionOutput, y)
                .Complete()
        );
    }

    private CudnnDescriptor Describe(long id, DeviceDataType type, long[] dimensions, long[] strides) =>
        New(CudnnDescriptorType.Tensor)
            .Set(CudnnAttribute.TensorUniqueId, id)
            .Set<int>(CudnnAttribute.TensorDataType, CudnnType.DataType, Cudnn.TypeOf(type))
            .Set(CudnnAttribute.TensorDimensions, dimensions)
            .Set(CudnnAttribute.TensorStrides, strides)
            .Set(CudnnAttribute.TensorByteAlignment, Alignment);

    private CudnnDescriptor New(CudnnDescriptorType type)
    {
        _owned.Add(new CudnnDescriptor(cudnn, type));
        return _owned[^1];
    }
}
