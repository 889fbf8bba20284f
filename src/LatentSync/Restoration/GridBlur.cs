namespace LatentSync.Restoration;

/// <summary>Means and maxima over squares of a small square plane; beyond its sides the values at them go on.</summary>
/// <param name="side">Rows and columns of the planes.</param>
internal sealed class GridBlur(int side)
{
    private readonly float[] _rows = new float[side * side];
    private readonly float[] _line = new float[side];

    /// <summary>Replaces each value by the mean of the square of side 2 * <paramref name="radius"/> + 1 around it, as often as asked.</summary>
    public void Mean(Span<float> plane, int radius, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
        {
            for (var y = 0; y < side; y++)
            {
                var row = plane.Slice(y * side, side);
                row.CopyTo(_line);
                var sum = (_line[0] * (radius + 1)) + Sum(_line, 1, radius);
                for (var x = 0; x < side; x++)
                {
                    row[x] = sum / ((2 * radius) + 1);
                    sum += _line[Math.Min(x + radius + 1, side - 1)] - _line[Math.Max(x - radius, 0)];
                }
            }

            Down(plane, radius, isMean: true);
        }
    }

    /// <summary>Replaces each value by the largest of the square of side 2 * <paramref name="radius"/> + 1 around it.</summary>
    public void Largest(Span<float> plane, int radius)
    {
        for (var y = 0; y < side; y++)
        {
            var row = plane.Slice(y * side, side);
            row.CopyTo(_line);
            for (var x = 0; x < side; x++)
            {
                row[x] = TensorPrimitives.Max<float>(_line.AsSpan(Math.Max(x - radius, 0)..Math.Min(x + radius + 1, side)));
            }
        }

        Down(plane, radius, isMean: false);
    }

    /// <summary>The same from row to row, a whole row at once.</summary>
    private void Down(Span<float> plane, int radius, bool isMean)
    {
        plane.CopyTo(_rows);
        for (var y = 0; y < side; y++)
        {
            var row = plane.Slice(y * side, side);
            Source(y - radius).CopyTo(row);
            for (var other = y - radius + 1; other <= y + radius; other++)
            {
                if (isMean)
                {
                    TensorPrimitives.Add(row, Source(other), row);
                }
                else
                {
                    TensorPrimitives.Max(row, Source(other), row);
                }
            }

            if (isMean)
            {
                TensorPrimitives.Divide(row, (2 * radius) + 1, row);
            }
        }
    }

    private ReadOnlySpan<float> Source(int y) => _rows.AsSpan(Math.Clamp(y, 0, side - 1) * side, side);

    private float Sum(ReadOnlySpan<float> line, int first, int last)
    {
        float sum = 0;
        for (var x = first; x <= last; x++)
        {
            sum += line[Math.Min(x, side - 1)];
        }

        return sum;
    }
}
