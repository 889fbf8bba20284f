using System.Globalization;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>Writes a Whisper encoder of any size with seeded random weights, in the format and under the names of OpenAI's files.</summary>
internal static class WhisperCheckpoint
{
    private const int Seed = 1247;

    public static void Write(string path, WhisperDimensions dimensions)
    {
        var random = new Random(Seed);
        var weights = new Dictionary<string, object?>(StringComparer.Ordinal) { ["encoder.positional_embedding"] = Positions(dimensions) };
        AddLinear("encoder.conv1", hasBias: true, dimensions.Width, dimensions.MelCount, 3);
        AddLinear("encoder.conv2", hasBias: true, dimensions.Width, dimensions.Width, 3);
        for (var block = 0; block < dimensions.LayerCount; block++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"encoder.blocks.{block}.");
            foreach (var name in (string[])["query", "key", "value", "out"])
            {
                AddLinear($"{prefix}attn.{name}", hasBias: name != "key", dimensions.Width, dimensions.Width);
            }

            AddNorm(prefix + "attn_ln");
            AddLinear(prefix + "mlp.0", hasBias: true, 4 * dimensions.Width, dimensions.Width);
            AddLinear(prefix + "mlp.2", hasBias: true, dimensions.Width, 4 * dimensions.Width);
            AddNorm(prefix + "mlp_ln");
        }

        AddNorm("encoder.ln_post");
        TorchArchiveWriter.Write(
            path,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["dims"] = Describe(dimensions), ["model_state_dict"] = weights }
        );

        void AddLinear(string name, bool hasBias, params long[] shape)
        {
            // Uniform within sqrt(3 / fan-in) has the variance 1 / fan-in, so the signal keeps its size.
            var bound = MathF.Sqrt(3f * shape[0] / TensorLayout.ElementCount(shape));
            weights.Add(name + ".weight", Uniform(random, bound, shape));
            if (hasBias)
            {
                weights.Add(name + ".bias", Uniform(random, 0.1f, shape[0]));
            }
        }

        void AddNorm(string name)
        {
            weights.Add(name + ".weight", TorchTensor.Half(Enumerable.Repeat(1f, dimensions.Width).ToArray(), dimensions.Width));
            weights.Add(name + ".bias", Uniform(random, 0.1f, dimensions.Width));
        }
    }

    private static Dictionary<string, object?> Describe(WhisperDimensions dimensions) =>
        new(StringComparer.Ordinal)
        {
            ["n_mels"] = dimensions.MelCount,
            ["n_audio_ctx"] = dimensions.ContextLength,
            ["n_audio_state"] = dimensions.Width,
            ["n_audio_head"] = dimensions.HeadCount,
            ["n_audio_layer"] = dimensions.LayerCount,
            ["n_vocab"] = 51865,
            ["n_text_ctx"] = 448,
            ["n_text_state"] = dimensions.Width,
            ["n_text_head"] = dimensions.HeadCount,
            ["n_text_layer"] = dimensions.LayerCount,
        };

    private static TorchTensor Uniform(Random random, float bound, params long[] shape)
    {
        var values = new float[TensorLayout.ElementCount(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = bound * ((2 * random.NextSingle()) - 1);
        }

        return TorchTensor.Half(values, shape);
    }

    /// <summary>Sines in the first half of the channels, cosines in the second; wavelengths from 2 pi to 20000 pi.</summary>
    private static TorchTensor Positions(WhisperDimensions dimensions)
    {
        var half = dimensions.Width / 2;
        var values = new float[dimensions.ContextLength * dimensions.Width];
        for (var row = 0; row < dimensions.ContextLength; row++)
        {
            for (var channel = 0; channel < half; channel++)
            {
                var angle = row * Math.Exp(-Math.Log(10_000) * channel / (half - 1));
                values[(row * dimensions.Width) + channel] = (float)Math.Sin(angle);
                values[(row * dimensions.Width) + half + channel] = (float)Math.Cos(angle);
            }
        }

        return TorchTensor.Half(values, dimensions.ContextLength, dimensions.Width);
    }
}
