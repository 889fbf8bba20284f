using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints.Config;
using LatentSync.Networks.UNet;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// What each resnet adds for the timestep: the projected time embedding plus the bias of its first convolution. Computed on
/// the CPU, in float32: the timesteps of a job are known before it begins.
/// </summary>
internal sealed class TimeProjections
{
    private readonly IWeightReader _reader;
    private readonly float[][] _embeddings;

    /// <summary>Computes the embeddings of timesteps.</summary>
    public TimeProjections(IWeightReader reader, UNetConfig config, IReadOnlyList<int> timesteps)
    {
        _reader = reader;
        var (features, width) = (config.BlockOutChannels[0], 4 * config.BlockOutChannels[0]);
        var first = Linear.Read(reader, "time_embedding.linear_1", features, width);
        var second = Linear.Read(reader, "time_embedding.linear_2", width, width);

        // The projections begin with another SiLU.
        _embeddings =
        [
            .. timesteps
                .AsParallel()
                .AsOrdered()
                .Select(timestep =>
                {
                    var sinusoids = new float[features];
                    TimestepFeatures.Compute(timestep, sinusoids);
                    return Silu(second.Apply(Silu(first.Apply(sinusoids))));
                }),
        ];
    }

    /// <summary>What a layer's resnet adds at each timestep: [timestep][channel].</summary>
    public float[][] Project(UNetLayer layer)
    {
        var projection = Linear.Read(_reader, layer.Resnet + ".time_emb_proj", _embeddings[0].Length, layer.OutChannels);
        var bias = _reader.Read(layer.Resnet + ".conv1.bias", [layer.OutChannels]);
        return
        [
            .. _embeddings.Select(embedding =>
            {
                var row = projection.Apply(embedding);
                TensorPrimitives.Add<float>(row, bias, row);
                return row;
            }),
        ];
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
