using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>One use of a graph with weights of its own.</summary>
/// <param name="runtime">Where it runs.</param>
/// <param name="weights">Holds its weights.</param>
/// <param name="block">Its weights; null if it has none.</param>
/// <param name="open">Opens its session, when the weights have a place.</param>
internal sealed class DevicePiece(DeviceRuntime runtime, WeightStore weights, WeightBlock? block, Func<DeviceSession> open) : IDisposable
{
    private DeviceSession? _session;
    private DeviceBinding? _binding;

    /// <summary>Opens the session, unless it is open.</summary>
    public void Open()
    {
        _session ??= open();
        _binding ??= _session.Bind();
    }

    /// <summary>Queues a run.</summary>
    public void Run(ReadOnlySpan<(string Name, DeviceTensor Value)> inputs, params ReadOnlySpan<(string Name, DeviceTensor Value)> outputs)
    {
        using var turn = Begin();
        _binding!.Run(inputs, outputs);
    }

    /// <summary>Queues runs over slices of the first axis, of equal length as far as possible; what they share is bound for each.</summary>
    /// <param name="count">Length of the axis.</param>
    /// <param name="longest">Length of the longest slice.</param>
    /// <param name="sliced">Inputs that are sliced.</param>
    /// <param name="output">The output, sliced.</param>
    public void RunSlices(int count, int longest, ReadOnlySpan<(string Name, DeviceTensor Value)> sliced, (string Name, DeviceTensor Value) output)
    {
        using var turn = Begin();
        var slices = (count + longest - 1) / longest;
        var inputs = new (string, DeviceTensor)[sliced.Length];
        for (var slice = 0; slice < slices; slice++)
        {
            var start = (int)((long)count * slice / slices);
            var length = (int)((long)count * (slice + 1) / slices) - start;
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = (sliced[i].Name, Slice(sliced[i].Value));
            }

            _binding!.Run(inputs, (output.Name, Slice(output.Value)));

            DeviceTensor Slice(DeviceTensor tensor) => tensor.Rows(start * (tensor.Shape[0] / count), length * (tensor.Shape[0] / count));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _binding?.Dispose();

    private Turn Begin()
    {
        Open();
        if (block is not null)
        {
            _binding!.BindWeights(block, weights.Acquire(block));
        }

        return new Turn(this, runtime.Profile?.Begin(_session!.Graph.Name));
    }

    private void End()
    {
        if (block is not null)
        {
            weights.Release(block);
        }
    }

    private readonly struct Turn(DevicePiece piece, DeviceProfile.Span? span) : IDisposable
    {
        public void Dispose()
        {
            piece.End();
            span?.Dispose();
        }
    }
}
