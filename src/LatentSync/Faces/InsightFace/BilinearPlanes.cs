using LatentSync.Imaging;

namespace LatentSync.Faces.InsightFace;

/// <summary>
/// The two ways in which InsightFace cuts its inputs out of a frame: bilinear without antialiasing, rounded to 8 bits,
/// then normalised; layout [C, H, W].
/// </summary>
internal sealed class BilinearPlanes(InsightFaceChannelOrder order)
{
    /// <summary>Scales a whole frame into the top left corner of a square; the rest is what black normalises to.</summary>
    public void Resize(RgbImage frame, int width, int height, int size, PixelNormalization normalization, Span<float> target)
    {
        target.Fill(normalization.Apply(0));
        var (scaleX, scaleY) = ((double)frame.Width / width, (double)frame.Height / height);
        for (var y = 0; y < height; y++)
        {
            var sourceY = Math.Clamp(((y + 0.5) * scaleY) - 0.5, 0, frame.Height - 1);
            for (var x = 0; x < width; x++)
            {
                var sourceX = Math.Clamp(((x + 0.5) * scaleX) - 0.5, 0, frame.Width - 1);
                Write(frame, sourceX, sourceY, normalization, target, (y * size) + x, size * size);
            }
        }
    }

    /// <summary>Cuts a square out: its centre goes to the middle of the result, outside the frame is black.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="center">In pixels of the frame, pixel centres at integers.</param>
    /// <param name="scale">Pixels of the result per pixel of the frame.</param>
    /// <param name="size">The side of the result.</param>
    /// <param name="normalization">What to do with the 8-bit values.</param>
    /// <param name="target">3 x size x size values.</param>
    public void Crop(RgbImage frame, Point2D center, double scale, int size, PixelNormalization normalization, Span<float> target)
    {
        var middle = size / 2.0;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                Write(frame, ((x - middle) / scale) + center.X, ((y - middle) / scale) + center.Y, normalization, target, (y * size) + x, size * size);
            }
        }
    }

    private void Write(RgbImage frame, double x, double y, PixelNormalization normalization, Span<float> target, int at, int plane)
    {
        var (column, row) = (Math.Floor(x), Math.Floor(y));
        var (fx, fy) = (x - column, y - row);
        for (var channel = 0; channel < RgbImage.Channels; channel++)
        {
            var upper = (Value(frame, column, row, channel) * (1 - fx)) + (Value(frame, column + 1, row, channel) * fx);
            var lower = (Value(frame, column, row + 1, channel) * (1 - fx)) + (Value(frame, column + 1, row + 1, channel) * fx);
            var value = Math.Round((upper * (1 - fy)) + (lower * fy));
            var position = order == InsightFaceChannelOrder.Rgb ? channel : RgbImage.Channels - 1 - channel;
            target[(position * plane) + at] = normalization.Apply((float)value);
        }
    }

    private static double Value(RgbImage frame, double column, double row, int channel) =>
        column >= 0 && column < frame.Width && row >= 0 && row < frame.Height
            ? frame.Pixels[((int)row * frame.Stride) + ((int)column * RgbImage.Channels) + channel]
            : 0;
}
