using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.Tracking;

/// <summary>Pictures of soft random blobs, wider than a frame so that a camera can move over them.</summary>
internal sealed class MovingScene
{
    public const int Width = 320;
    public const int Height = 180;

    private const int Waves = 12;

    private readonly double[,] _waves = new double[Waves, 6];

    public MovingScene(int seed)
    {
        var random = new Random(seed);
        for (var wave = 0; wave < Waves; wave++)
        {
            (_waves[wave, 0], _waves[wave, 1]) = ((random.NextDouble() - 0.5) * 0.12, (random.NextDouble() - 0.5) * 0.12);
            _waves[wave, 2] = random.NextDouble() * Math.Tau;
            for (var channel = 0; channel < 3; channel++)
            {
                _waves[wave, 3 + channel] = 10 + (random.NextDouble() * 20);
            }
        }
    }

    /// <summary>The scene from a place, every value v shown as gain * v + offset, in 0..255.</summary>
    public RgbImage Frame(double left = 0, double gain = 1, double offset = 0)
    {
        var image = new RgbImage(Width, Height);
        for (var y = 0; y < Height; y++)
        {
            var row = image.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = (byte)Math.Clamp((gain * Value((x / 3) + left, y, x % 3)) + offset, 0, 255);
            }
        }

        return image;
    }

    private double Value(double x, double y, int channel)
    {
        var value = 110.0;
        for (var wave = 0; wave < Waves; wave++)
        {
            value += _waves[wave, 3 + channel] * Math.Sin((_waves[wave, 0] * x) + (_waves[wave, 1] * y) + _waves[wave, 2]);
        }

        return value;
    }
}
