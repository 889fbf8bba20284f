using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>The ways in which weights are laid out for the card.</summary>
internal static class WeightRecipes
{
    private const int Three = 3;

    /// <summary>As stored.</summary>
    public static WeightRecipe Plain(string name, params int[] shape) => new([(name, shape)], parts => parts[0]);

    /// <summary>Tensors one after the other: rows of weights that one product computes together.</summary>
    public static WeightRecipe Stacked(IEnumerable<string> names, params int[] shape) => new([.. names.Select(name => (name, shape))], parts =>
        {
            var (stacked, place) = (new float[parts.Sum(part => part.Length)], 0);
            foreach (var part in parts)
            {
                part.CopyTo(stacked, place);
                place += part.Length;
            }

            return stacked;
        });

    /// <summary>Rows of values and then of gates, in the order of <see cref="GatedOrder"/>.</summary>
    /// <param name="name">The stored tensor, [2 * width, inner] or [2 * width].</param>
    /// <param name="width">Values.</param>
    /// <param name="shape">Its shape.</param>
    public static WeightRecipe Gated(string name, int width, params int[] shape) => new([(name, shape)], parts =>
        {
            var (stored, inner) = (parts[0], parts[0].Length / (2 * width));
            var laid = new float[stored.Length];
            for (var result = 0; result < width; result++)
            {
                var row = GatedOrder.RowOf(result);
                stored.AsSpan(result * inner, inner).CopyTo(laid.AsSpan(row * inner));
                stored.AsSpan((width + result) * inner, inner).CopyTo(laid.AsSpan((row + 1) * inner));
            }

            return laid;
        });

    /// <summary>The sum of vectors.</summary>
    public static WeightRecipe Sum(IEnumerable<string> names, int width) => new([.. names.Select(name => (name, (int[])[width]))], parts =>
        {
            var sum = new float[width];
            foreach (var part in parts)
            {
                TensorPrimitives.Add<float>(sum, part, sum);
            }

            return sum;
        });

    /// <summary>A vector, and zeros behind it.</summary>
    public static WeightRecipe Padded(string name, int count, int paddedCount) => new([(name, [count])], parts =>
        {
            var padded = new float[paddedCount];
            parts[0].CopyTo(padded, 0);
            return padded;
        });

    /// <summary>A norm's bias plus a row of a table of positions, for each of the first frames: [frames, width].</summary>
    public static WeightRecipe WithPositions(string bias, string table, int tableLength, int frames, int width) =>
        new([(bias, [width]), (table, [1, tableLength, width])], parts =>
        {
            var rows = new float[frames * width];
            for (var frame = 0; frame < frames; frame++)
            {
                TensorPrimitives.Add<float>(parts[0], parts[1].AsSpan(frame * width, width), rows.AsSpan(frame * width, width));
            }

            return rows;
        });

    /// <summary>A convolution [out, in, kernel, kernel] as [out, row, column, in], with zeros for channels that are there for alignment only.</summary>
    /// <param name="name">The stored weight.</param>
    /// <param name="outChannels">Stored outputs.</param>
    /// <param name="inChannels">Stored inputs.</param>
    /// <param name="kernel">Rows and columns of a window.</param>
    /// <param name="paddedOut">Outputs in memory.</param>
    /// <param name="paddedIn">Inputs in memory.</param>
    /// <param name="rowLength">Numbers of one output's row in memory; zeros follow the window.</param>
    public static WeightRecipe Convolution(string name, int outChannels, int inChannels, int kernel, int paddedOut, int paddedIn, int rowLength) =>
        new([(name, [outChannels, inChannels, kernel, kernel])], parts =>
        {
            var (stored, laid, taps) = (parts[0], new float[paddedOut * rowLength], kernel * kernel);
            for (var o = 0; o < outChannels; o++)
            {
                for (var i = 0; i < inChannels; i++)
                {
                    for (var tap = 0; tap < taps; tap++)
                    {
                        laid[(o * rowLength) + (tap * paddedIn) + i] = stored[(((o * inChannels) + i) * taps) + tap];
                    }
                }
            }

            return laid;
        });

    /// <summary>
    /// A 3x3 convolution of a doubled map as four 2x2 convolutions of the map itself, [phase, out, row, column, in]. Where an
    /// output pixel lies in its pair decides which of the three taps fall on the same pixel; their weights are added.
    /// </summary>
    public static WeightRecipe Phases(string name, int outChannels, int inChannels) => new([(name, [outChannels, inChannels, Three, Three])], parts =>
        {
            var (stored, laid) = (parts[0], new float[16 * outChannels * inChannels]);
            for (var phase = 0; phase < 4; phase++)
            {
                for (var o = 0; o < outChannels; o++)
                {
                    for (var i = 0; i < inChannels; i++)
                    {
                        for (var tap = 0; tap < 9; tap++)
                        {
                            // An even place sees the pixel before with its first tap, an odd one the pixel after with its last.
                            var row = (phase / 2) == 0 ? Math.Min(tap / Three, 1) : tap / Three / 2;
                            var column = (phase % 2) == 0 ? Math.Min(tap % Three, 1) : tap % Three / 2;
                            laid[(((((((phase * outChannels) + o) * 2) + row) * 2) + column) * inChannels) + i] += stored[(((o * inChannels) + i) * 9) + tap];
                        }
                    }
                }
            }

            return laid;
        });
}
