using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>The weights of lists on a card. Lists that use the same weight share it.</summary>
internal sealed class CudaWeights(CardContext card, IWeightReader reader) : IDisposable
{
    // So many are made at once, on all cores, and wait in the computer's memory to be copied.
    private const int Batch = 16;

    private readonly Dictionary<string, DeviceBuffer> _buffers = new(StringComparer.Ordinal);

    /// <summary>Bytes on the card.</summary>
    public long Bytes => _buffers.Values.Sum(buffer => buffer.Bytes);

    /// <summary>Where a weight is.</summary>
    public nint this[LaunchBuffer weight] => _buffers[weight.Name].Pointer;

    /// <summary>Reads the weights of a list that are not there yet, and copies them to the card.</summary>
    public void Load(LaunchList list, CancellationToken cancellationToken)
    {
        var missing = list
            .Buffers.Where(buffer => buffer.Kind == LaunchBufferKind.Weight)
            .DistinctBy(weight => weight.Name, StringComparer.Ordinal)
            .Where(weight => !_buffers.ContainsKey(weight.Name))
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }

        using var staging = new PinnedBuffer(card.Device, missing.Max(weight => weight.Bytes));
        foreach (var batch in missing.Chunk(Batch))
        {
            var values = batch
                .AsParallel()
                .AsOrdered()
                .WithCancellation(cancellationToken)
                .Select(weight => weight.Recipe!.Make([.. weight.Recipe.Stored.Select(stored => reader.Read(stored.Name, stored.Shape))]))
                .ToList();
            foreach (var (weight, numbers) in batch.Zip(values))
            {
                var buffer = new DeviceBuffer(card.Arena, weight.Bytes);
                _buffers[weight.Name] = buffer;
                DeviceValues.Write(numbers, weight.Type, staging.Span<byte>(0, checked((int)weight.Bytes)));
                card.Device.Copy(buffer.Pointer, staging.Pointer, weight.Bytes, CopyDirection.ToDevice, DeviceStream.Compute);
                card.Device.Synchronize();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }
    }
}
