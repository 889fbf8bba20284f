using System.Numerics.Tensors;
using LatentSync.Audio;
using MathNet.Numerics;
using static System.FormattableString;
using Tensor = LatentSync.Tensors.Tensor;

namespace LatentSync.ParityTests.Audio;

/// <summary>
/// The oracle: Whisper's encoder (arXiv 2212.04356) written out plainly, row after row, in float32. It stands between
/// the golden features and the code under test, and judges the encoder that runs on ONNX Runtime.
/// </summary>
internal sealed class ReferenceWhisperEncoder(Func<string, Tensor> weights, int headCount, int blockCount) : IAudioEncoder
{
    private const double LayerNormEpsilon = 1e-5;

    public int Width => weights("encoder.conv1.bias").Length;

    public int LayerCount => blockCount + 1;

    public static ReferenceWhisperEncoder Read(string path)
    {
        var file = WhisperFile.Read(path);
        return new ReferenceWhisperEncoder(name => file.Tensors[name], file.Dimensions["n_audio_head"], file.Dimensions["n_audio_layer"]);
    }

    public void Encode(Tensor mel, Tensor layers)
    {
        var rows = Convolve(Transpose(mel), "encoder.conv1", stride: 1);
        rows = Convolve(rows, "encoder.conv2", stride: 2);
        TensorPrimitives.Add(rows.Span, weights("encoder.positional_embedding").Span, rows.Span);

        layers.RequireShape(nameof(layers), rows.Shape[0], LayerCount, Width);
        CopyLayer(rows, layers, 0);
        for (var block = 0; block < blockCount; block++)
        {
            var name = Invariant($"encoder.blocks.{block}");
            Add(rows, Attend(Normalize(rows, $"{name}.attn_ln"), $"{name}.attn"));
            var hidden = Linear(Normalize(rows, $"{name}.mlp_ln"), $"{name}.mlp.0");
            Gelu(hidden.Span);
            Add(rows, Linear(hidden, $"{name}.mlp.2"));
            CopyLayer(rows, layers, block + 1);
        }
    }

    private static void Add(Tensor target, Tensor term) => TensorPrimitives.Add(target.Span, term.Span, target.Span);

    private void CopyLayer(Tensor rows, Tensor layers, int layer)
    {
        for (var row = 0; row < rows.Shape[0]; row++)
        {
            rows.Row(row).CopyTo(layers.Row(row).Slice(layer * Width, Width));
        }
    }

    private static Tensor Transpose(Tensor matrix)
    {
        var result = new Tensor(matrix.Shape[1], matrix.Shape[0]);
        for (var i = 0; i < result.Length; i++)
        {
            result.Data[i] = matrix.Data[(i % matrix.Shape[0] * matrix.Shape[1]) + (i / matrix.Shape[0])];
        }

        return result;
    }

    /// <summary>Kernel 3, padding 1, then GELU; rows are time steps. Gathers [3, in] per step and multiplies.</summary>
    private Tensor Convolve(Tensor rows, string name, int stride)
    {
        var kernel = weights($"{name}.weight");
        var (channels, taps) = (kernel.Shape[1], kernel.Shape[2]);
        var patches = new Tensor(rows.Shape[0] / stride, channels * taps);
        for (var step = 0; step < patches.Shape[0]; step++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                var source = (step * stride) + tap - 1;
                for (var channel = 0; channel < channels && source >= 0 && source < rows.Shape[0]; channel++)
                {
                    patches.Row(step)[(channel * taps) + tap] = rows.Row(source)[channel];
                }
            }
        }

        var result = Multiply(patches, kernel.Reshape(kernel.Shape[0], channels * taps), weights($"{name}.bias"));
        Gelu(result.Span);
        return result;
    }

    private Tensor Linear(Tensor rows, string name, bool bias = true) => Multiply(rows, weights($"{name}.weight"), bias ? weights($"{name}.bias") : null);

    /// <summary>rows [n, in] times the transpose of matrix [out, in].</summary>
    private static Tensor Multiply(Tensor rows, Tensor matrix, Tensor? bias)
    {
        var result = new Tensor(rows.Shape[0], matrix.Shape[0]);
        Parallel.For(0, rows.Shape[0], row =>
        {
            for (var column = 0; column < matrix.Shape[0]; column++)
            {
                result.Row(row)[column] = TensorPrimitives.Dot<float>(rows.Row(row), matrix.Row(column)) + (bias?.Data[column] ?? 0);
            }
        });
        return result;
    }

    private Tensor Attend(Tensor rows, string name)
    {
        var query = Linear(rows, $"{name}.query");
        var (key, value) = (Transpose(Linear(rows, $"{name}.key", bias: false)), Transpose(Linear(rows, $"{name}.value")));
        var headWidth = Width / headCount;
        var scale = 1 / MathF.Sqrt(headWidth);
        var result = new Tensor(rows.Shape[0], Width);
        Parallel.For(0, rows.Shape[0], row =>
        {
            var scores = new float[rows.Shape[0]];
            for (var start = 0; start < Width; start += headWidth)
            {
                Array.Clear(scores);
                for (var column = start; column < start + headWidth; column++)
                {
                    TensorPrimitives.MultiplyAdd(key.Row(column), scale * query.Row(row)[column], scores, scores);
                }

                TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
                TensorPrimitives.Exp(scores, scores);
                TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
                for (var column = start; column < start + headWidth; column++)
                {
                    result.Row(row)[column] = TensorPrimitives.Dot<float>(scores, value.Row(column));
                }
            }
        });
        return Linear(result, $"{name}.out");
    }

    private Tensor Normalize(Tensor rows, string name)
    {
        var (scale, shift) = (weights($"{name}.weight").Data, weights($"{name}.bias").Data);
        var result = new Tensor(rows.Shape[0], Width);
        for (var row = 0; row < rows.Shape[0]; row++)
        {
            var source = rows.Row(row);
            var target = result.Row(row);
            var mean = TensorPrimitives.Sum<float>(source) / Width;
            double variance = 0;
            foreach (var value in source)
            {
                variance += (value - mean) * (value - mean) / Width;
            }

            var factor = 1 / Math.Sqrt(variance + LayerNormEpsilon);
            for (var i = 0; i < Width; i++)
            {
                target[i] = (float)(((source[i] - mean) * factor * scale[i]) + shift[i]);
            }
        }

        return result;
    }

    private static void Gelu(Span<float> values)
    {
        foreach (ref var value in values)
        {
            value = (float)(0.5 * value * (1 + SpecialFunctions.Erf(value / Math.Sqrt(2))));
        }
    }
}
