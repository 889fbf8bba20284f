using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Ownership;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>
/// The weights of lists on a card: some lie there for good, the others wait in pinned memory of the computer and are copied
/// into places that they share.
/// </summary>
internal sealed class CudaWeights : IWeightPlaces, IDisposable
{
    // So much is converted at once, on all cores, while what was converted before is copied.
    private const long StagingBytes = 128L << 20;
    private readonly OwnedResources _owned = new();
    private readonly CardContext _card;
    private readonly IWeightReader _reader;
    private readonly Dictionary<string, nint> _pointers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _hostOffsets = new(StringComparer.Ordinal);
    private readonly DeviceBuffer? _places;
    private readonly PinnedBuffer? _host;
    private readonly long _placeBytes;
    private readonly nint[] _copied = new nint[WeightPlacement.Places];
    private readonly nint[] _left = new nint[WeightPlacement.Places];

    /// <summary>Takes memory for weights and reads them.</summary>
    /// <param name="card">The card.</param>
    /// <param name="reader">Where they come from.</param>
    /// <param name="placement">Which of them stay on the card.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeviceMemoryException">The card has too little memory.</exception>
    public CudaWeights(CardContext card, IWeightReader reader, WeightPlacement placement, CancellationToken cancellationToken)
    {
        (_card, _reader, _placeBytes) = (card, reader, placement.PlaceBytes);
        try
        {
            for (var place = 0; place < WeightPlacement.Places; place++)
            {
                _copied[place] = _owned.Add(new DeviceMark(card.Device)).Handle;
                _left[place] = _owned.Add(new DeviceMark(card.Device)).Handle;
            }

            if (placement.Streamed.Count > 0)
            {
                _places = _owned.Add(new DeviceBuffer(card.Arena, WeightPlacement.Places * _placeBytes));
                _host = _owned.Add(new PinnedBuffer(card.Device, placement.StreamedBytes));
                var offsets = Offsets(placement.Streamed);
                Fill(placement.Streamed, offsets, _host, cancellationToken);
                foreach (var (weight, offset) in placement.Streamed.Zip(offsets))
                {
                    _hostOffsets[weight.Name] = offset;
                }
            }

            LoadResident(placement.Resident, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where weights of a list are while it plays.</summary>
    public Func<LaunchBuffer, nint> PointersOf(IReadOnlyList<WeightBlock> blocks)
    {
        var places = blocks
            .SelectMany(block => block.Weights.Select(part => (part.Weight.Name, Pointer: PlaceOf(block) + (nint)part.Offset)))
            .ToDictionary(part => part.Name, part => part.Pointer, StringComparer.Ordinal);
        return weight => places.TryGetValue(weight.Name, out var place) ? place : _pointers[weight.Name];
    }

    /// <inheritdoc/>
    public void Copy(WeightBlock block)
    {
        _card.Device.WaitFor(_left[block.Place], DeviceStream.Transfer);
        foreach (var (weight, offset) in block.Weights)
        {
            var source = _host!.Pointer + (nint)_hostOffsets[weight.Name];
            _card.Device.Copy(PlaceOf(block) + (nint)offset, source, weight.Bytes, CopyDirection.ToDevice, DeviceStream.Transfer);
        }

        _card.Device.Record(_copied[block.Place], DeviceStream.Transfer);
    }

    /// <inheritdoc/>
    public void Await(WeightBlock block) => _card.Device.WaitFor(_copied[block.Place], DeviceStream.Compute);

    /// <inheritdoc/>
    public void Leave(WeightBlock block) => _card.Device.Record(_left[block.Place], DeviceStream.Compute);

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static long[] Offsets(IReadOnlyList<LaunchBuffer> weights)
    {
        var (offsets, next) = (new long[weights.Count], 0L);
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = next;
            next += weights[i].PlacedBytes;
        }

        return offsets;
    }

    private nint PlaceOf(WeightBlock block) => _places!.Pointer + (nint)(block.Place * _placeBytes);

    /// <summary>All in one block of memory, in parts that are converted into one of two staging buffers while the other is copied.</summary>
    private void LoadResident(IReadOnlyList<LaunchBuffer> weights, CancellationToken cancellationToken)
    {
        if (weights.Count == 0)
        {
            return;
        }

        var offsets = Offsets(weights);
        var memory = _owned.Add(new DeviceBuffer(_card.Arena, offsets[^1] + weights[^1].PlacedBytes));
        foreach (var (weight, offset) in weights.Zip(offsets))
        {
            _pointers[weight.Name] = memory.Pointer + (nint)offset;
        }

        var length = Math.Min(memory.Bytes, Math.Max(StagingBytes, weights.Max(weight => weight.PlacedBytes)));
        using var first = new PinnedBuffer(_card.Device, length);
        using var second = new PinnedBuffer(_card.Device, length);
        var (staging, other) = (first, second);
        var (free, otherFree) = (_copied[0], _copied[1]);
        for (var (start, end) = (0, 0); start < weights.Count; start = end)
        {
            for (end = start; end < weights.Count && offsets[end] + weights[end].PlacedBytes - offsets[start] <= length; )
            {
                end++;
            }

            _card.Device.Synchronize(free);
            List<LaunchBuffer> part = [.. weights.Take(start..end)];
            Fill(part, [.. offsets[start..end].Select(offset => offset - offsets[start])], staging, cancellationToken);
            var bytes = offsets[end - 1] + weights[end - 1].Bytes - offsets[start];
            _card.Device.Copy(memory.Pointer + (nint)offsets[start], staging.Pointer, bytes, CopyDirection.ToDevice, DeviceStream.Compute);
            _card.Device.Record(free, DeviceStream.Compute);
            (staging, other, free, otherFree) = (other, staging, otherFree, free);
        }

        _card.Device.Synchronize();
    }

    private void Fill(IReadOnlyList<LaunchBuffer> weights, long[] offsets, PinnedBuffer host, CancellationToken cancellationToken) =>
        Parallel.For(0, weights.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var weight = weights[i];
            var values = weight.Recipe!.Make([.. weight.Recipe.Stored.Select(stored => _reader.Read(stored.Name, stored.Shape))]);
            DeviceValues.Write(values, weight.Type, host.Span<byte>(offsets[i], checked((int)weight.Bytes)));
        });
}
