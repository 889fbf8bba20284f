using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>
/// The weights of one part of a network, one behind the other: made from the checkpoint's tensors in the type and layout
/// of the device.
/// </summary>
/// <param name="placeholder">What stands for the prefix in the names that graphs use.</param>
/// <param name="prefix">The prefix in the checkpoint.</param>
internal sealed class WeightBlock(string placeholder, string prefix)
{
    private const long Alignment = 256;

    private readonly List<DeviceWeight> _weights = [];
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);

    /// <summary>The prefix in the checkpoint.</summary>
    public string Prefix => prefix;

    /// <summary>Length of the block in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>True when the block is on the device or waits in host memory; nothing can be added any more.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>Makes room for the weights of a graph that are not there yet.</summary>
    public void Include(IReadOnlyList<DeviceWeight> weights)
    {
        foreach (var weight in weights.Where(weight => !_offsets.ContainsKey(weight.Input)))
        {
            if (IsFilled)
            {
                throw new InvalidOperationException($"{prefix} has been loaded without {weight.Input}.");
            }

            _weights.Add(weight);
            _offsets[weight.Input] = Bytes;
            Bytes += ((weight.KeptCount * weight.Type.Size()) + Alignment - 1) / Alignment * Alignment;
        }
    }

    /// <summary>Where a weight begins, in bytes from the start of the block.</summary>
    public long OffsetOf(DeviceWeight weight) => _offsets[weight.Input];

    /// <summary>Reads, converts and lays out all weights.</summary>
    public unsafe void Fill(IWeightReader reader, nint destination)
    {
        IsFilled = true;
        foreach (var weight in _weights)
        {
            var values = Arrange(weight, reader);
            var place = (void*)(destination + (nint)_offsets[weight.Input]);
            DeviceValues.Write(values, weight.Type, new Span<byte>(place, checked(values.Length * weight.Type.Size())));
        }
    }

    private float[] Arrange(DeviceWeight weight, IWeightReader reader)
    {
        var (name, shape) = weight.Stored[0];
        var stored = reader.Read(Name(name), shape);
        var values = new float[weight.KeptCount];
        switch (weight.Kind)
        {
            case DeviceWeightKind.Convolution:
                ChannelsLast(stored, shape, values, weight.Shape[^1]);
                return values;
            case DeviceWeightKind.Sum:
                var (other, otherShape) = weight.Stored[1];
                TensorPrimitives.Add(stored, reader.Read(Name(other), otherShape), values);
                return values;
            case DeviceWeightKind.Half:
                stored.AsSpan(weight.Half * values.Length, values.Length).CopyTo(values);
                return values;
            default:
                stored.CopyTo(values, 0);
                return values;
        }
    }

    private string Name(string name) =>
        placeholder.Length > 0 && name.StartsWith(placeholder, StringComparison.Ordinal) ? prefix + name[placeholder.Length..] : name;

    /// <summary>[out, in, rows, columns] to [out, rows, columns, in filled up].</summary>
    private static void ChannelsLast(float[] stored, int[] shape, float[] values, int padded)
    {
        var (outChannels, inChannels, area) = (shape[0], shape[1], shape[2] * shape[3]);
        for (var to = 0; to < outChannels; to++)
        {
            for (var from = 0; from < inChannels; from++)
            {
                var source = ((to * inChannels) + from) * area;
                var target = (to * area * padded) + from;
                for (var i = 0; i < area; i++)
                {
                    values[target + (i * padded)] = stored[source + i];
                }
            }
        }
    }
}
