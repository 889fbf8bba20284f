namespace LatentSync.Imaging;

/// <summary>The weights of every output position along one axis for an area average.</summary>
internal sealed class AreaTaps
{
    // Overlaps below this come from rounding, not from geometry.
    private const double MinOverlap = 1e-6;

    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Weights for <paramref name="outputs"/> outputs over <paramref name="inputs"/> inputs.</summary>
    public AreaTaps(int inputs, int outputs)
    {
        var scale = (double)inputs / outputs;
        var half = Math.Max(scale, 1) / 2;
        _first = new int[outputs];
        _weights = new float[outputs][];
        for (var i = 0; i < outputs; i++)
        {
            var centre = (i + 0.5) * scale;
            var (start, end) = (Math.Max(centre - half, 0), Math.Min(centre + half, inputs));
            var first = (int)(start + MinOverlap);
            var last = (int)Math.Ceiling(end - MinOverlap) - 1;
            _first[i] = first;
            _weights[i] = new float[last - first + 1];
            for (var input = first; input <= last; input++)
            {
                _weights[i][input - first] = (float)((Math.Min(end, input + 1) - Math.Max(start, input)) / (end - start));
            }
        }
    }

    /// <summary>Output positions.</summary>
    public int Outputs => _first.Length;

    /// <summary>The input of an output's first weight.</summary>
    public int First(int output) => _first[output];

    /// <summary>The weights of an output; they add up to 1.</summary>
    public ReadOnlySpan<float> Weights(int output) => _weights[output];
}
