using LatentSync.Checkpoints;
using LatentSync.Devices;
using LatentSync.Networks.Execution;
using LatentSync.Networks.UNet;

namespace LatentSync.Diffusion;

/// <summary>
/// What each resnet adds for the timestep: the projected time embedding plus the bias of its first convolution. The
/// timesteps of a job are known before it begins, so this is computed once, in float32, and not at every step.
/// </summary>
internal sealed class UNetTimeTable(DeviceRuntime runtime, UNetConfig config, IWeightReader reader, UNetLayout layout) : IDisposable
{
    // Rows are there once for each clip of a run: without and with audio.
    private const int Clips = 2;

    private readonly Dictionary<string, (long Offset, int Channels)> _places = new(StringComparer.Ordinal);
    private DeviceBuffer? _table;
    private int[] _timesteps = [];

    /// <summary>Bytes on the device for so many steps.</summary>
    public long Bytes(int steps) => layout.Layers.Sum(layer => (long)layer.OutChannels) * steps * Clips * runtime.Type.Size();

    /// <summary>Computes the table, unless it is there already.</summary>
    public void Prepare(IReadOnlyList<int> timesteps)
    {
        if (_timesteps.SequenceEqual(timesteps))
        {
            return;
        }

        _table?.Dispose();
        _table = new DeviceBuffer(runtime.Arena, Bytes(timesteps.Count));
        _timesteps = [.. timesteps];
        var offset = 0L;
        foreach (var layer in layout.Layers)
        {
            _places[layer.Resnet] = (offset, layer.OutChannels);
            offset += (long)layer.OutChannels * timesteps.Count * Clips * runtime.Type.Size();
        }

        if (runtime.IsDry)
        {
            return;
        }

        var embeddings = Embeddings();
        var rows = layout.Layers.AsParallel().Select(layer => (Layer: layer, Rows: Project(layer, embeddings))).ToList();
        runtime.Upload(_table.Pointer, _table.Bytes, place =>
        {
            foreach (var (layer, values) in rows)
            {
                DeviceValues.Write(values, runtime.Type, place.Slice((int)_places[layer.Resnet].Offset, values.Length * runtime.Type.Size()));
            }
        });
    }

    /// <summary>[clips, channels]: what a resnet adds at a step.</summary>
    public DeviceTensor Row(UNetLayer layer, int step, int clips)
    {
        var (offset, channels) = _places[layer.Resnet];
        return new DeviceTensor(_table!.Pointer + (nint)(offset + ((long)step * Clips * channels * runtime.Type.Size())), runtime.Type, clips, channels);
    }

    /// <inheritdoc/>
    public void Dispose() => _table?.Dispose();

    /// <summary>SiLU of the time embedding of each timestep; the projections begin with it.</summary>
    private float[][] Embeddings()
    {
        var (features, width) = (config.BlockOutChannels[0], 4 * config.BlockOutChannels[0]);
        var first = Linear.Read(reader, "time_embedding.linear_1", features, width);
        var second = Linear.Read(reader, "time_embedding.linear_2", width, width);
        return [.. _timesteps.AsParallel().AsOrdered().Select(timestep =>
        {
            var sinusoids = new float[features];
            TimestepFeatures.Compute(timestep, sinusoids);
            return Silu(second.Apply(Silu(first.Apply(sinusoids))));
        })];
    }

    /// <summary>[steps, clips, channels]: what a resnet adds.</summary>
    private float[] Project(UNetLayer layer, float[][] embeddings)
    {
        var channels = layer.OutChannels;
        var projection = Linear.Read(reader, layer.Resnet + ".time_emb_proj", embeddings[0].Length, channels);
        var bias = reader.Read(layer.Resnet + ".conv1.bias", [channels]);
        var rows = new float[embeddings.Length * Clips * channels];
        for (var step = 0; step < embeddings.Length; step++)
        {
            var row = projection.Apply(embeddings[step]);
            TensorPrimitives.Add<float>(row, bias, row);
            for (var clip = 0; clip < Clips; clip++)
            {
                row.CopyTo(rows, ((step * Clips) + clip) * channels);
            }
        }

        return rows;
    }

    private static float[] Silu(float[] values)
    {
        var result = new float[values.Length];
        TensorPrimitives.Sigmoid<float>(values, result);
        TensorPrimitives.Multiply<float>(values, result, result);
        return result;
    }

    private sealed record Linear(float[] Weight, float[] Bias)
    {
        public static Linear Read(IWeightReader reader, string name, int inWidth, int outWidth) =>
            new(reader.Read(name + ".weight", [outWidth, inWidth]), reader.Read(name + ".bias", [outWidth]));

        public float[] Apply(float[] input)
        {
            var result = new float[Bias.Length];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = Bias[i] + TensorPrimitives.Dot<float>(input, Weight.AsSpan(i * input.Length, input.Length));
            }

            return result;
        }
    }
}
