using LatentSync.Imaging;

namespace LatentSync.Faces.Cuts;

/// <summary>
/// A frame as a small grid of cells, each the mean of a few samples. Reads 20,736 pixels of the frame whatever its size.
/// </summary>
internal sealed class CellPicture
{
    /// <summary>Cells in all.</summary>
    public const int Count = Columns * Rows;

    private const int Columns = 48;
    private const int Rows = 27;

    // Samples along each side of a cell: at 1080p one pixel in ten, which means enough to smooth noise and fine texture.
    private const int Samples = 4;

    private readonly float[][] _channels = [new float[Count], new float[Count], new float[Count]];

    /// <summary>The cells of one of the three colours, row by row, 0..255.</summary>
    public ReadOnlySpan<float> Channel(int index) => _channels[index];

    /// <summary>Standard deviation of the green over the cells; the other colours vary about as much.</summary>
    public double Contrast { get; private set; }

    /// <summary>Takes over a frame.</summary>
    public void Read(RgbImage frame)
    {
        Span<int> columns = stackalloc int[Columns * Samples];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Place(i, columns.Length, frame.Width) * RgbImage.Channels;
        }

        for (var y = 0; y < Rows; y++)
        {
            ReadCells(frame, y, columns);
        }

        Contrast = Deviation(_channels[1]);
    }

    private void ReadCells(RgbImage frame, int cellRow, ReadOnlySpan<int> columns)
    {
        Span<int> sums = stackalloc int[Columns * RgbImage.Channels];
        sums.Clear();
        for (var line = 0; line < Samples; line++)
        {
            var row = frame.Row(Place((cellRow * Samples) + line, Rows * Samples, frame.Height));
            for (var i = 0; i < columns.Length; i++)
            {
                var pixel = row.Slice(columns[i], RgbImage.Channels);
                var cell = sums.Slice(i / Samples * RgbImage.Channels, RgbImage.Channels);
                cell[0] += pixel[0];
                cell[1] += pixel[1];
                cell[2] += pixel[2];
            }
        }

        const float count = Samples * Samples;
        for (var x = 0; x < Columns; x++)
        {
            for (var channel = 0; channel < RgbImage.Channels; channel++)
            {
                _channels[channel][(cellRow * Columns) + x] = sums[(x * RgbImage.Channels) + channel] / count;
            }
        }
    }

    private static int Place(int index, int count, int length) => (int)((((2L * index) + 1) * length) / (2L * count));

    private static double Deviation(float[] values)
    {
        double sum = 0,
            squares = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        var mean = sum / values.Length;
        return Math.Sqrt(Math.Max(0, (squares / values.Length) - (mean * mean)));
    }
}
