using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Restoration;

namespace LatentSync.Tests.Restoration;

/// <summary>Only what moves is pasted, in the colours and with the noise of the frame. Frame and crop are the same pixels here.</summary>
public class MovingAreaTests
{
    private const int Resolution = 256;
    private const int Width = 210;
    private const int Height = 280;
    private const int Mouth = 150;
    private const int Chin = 215;
    private const int Middle = Width / 2;

    [Fact]
    public void WhatDiffersOnlyInSharpness_KeepsItsPixels()
    {
        var frame = Skin((x, y) => 6 * (((x * 7) + (y * 13)) % 3));
        var pasted = Paste(frame, Face(Skin((_, _) => 6)), PasteArea.Moving);
        var all = Paste(frame, Face(Skin((_, _) => 6)), PasteArea.Painted);
        Assert.True(Changed(frame, all, Chin) > 150);
        Assert.Equal(0, Changed(frame, pasted, Chin));
        Assert.True(Changed(frame, pasted, Mouth) > 50);
    }

    /// <summary>A mouth or chin that is in one of the pictures only, whichever it is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsInOneOfBoth_IsPainted(bool inFrame)
    {
        var (plain, marked) = (Skin((_, _) => 0), Skin((x, y) => Math.Abs(x - Middle) < 18 && Math.Abs(y - Chin) < 8 ? -70 : 0));
        var pasted = Paste(inFrame ? marked : plain, Face(inFrame ? plain : marked), PasteArea.Moving);
        var expected = inFrame ? plain : marked;
        for (var x = Middle - 25; x < Middle + 25; x++)
        {
            Assert.InRange(pasted.Row(Chin)[3 * x] - expected.Row(Chin)[3 * x], -12, 12);
        }
    }

    [Fact]
    public void Cast_OfThePaintedFace_IsTakenAway()
    {
        var frame = Skin((_, _) => 0);
        var pasted = Paste(frame, Face(Skin((_, _) => 0), (9, -6, 12)), PasteArea.Moving);
        Assert.All(Enumerable.Range(0, 3), channel =>
            Assert.InRange(pasted.Row(Mouth)[(3 * Middle) + channel] - frame.Row(Mouth)[(3 * Middle) + channel], -1, 1)
        );
    }

    [Fact]
    public void Lips_GetTheColourOfTheLipsInTheFrame()
    {
        var (lips, pink) = (Lips((150, 80, 80)), Lips((210, 130, 140)));
        var pasted = Paste(lips, Face(pink), PasteArea.Moving);
        var (before, after) = (Distance(Lips((210, 130, 140)), lips), Distance(pasted, lips));
        Assert.True(after < before / 4, Invariant($"{before} before, {after} after"));
    }

    [Fact]
    public void Noise_IsThatOfTheFrame()
    {
        var random = new Random(1);
        var noise = Enumerable.Range(0, Width * Height).Select(_ => (int)Math.Round(2.5 * Normal(random))).ToArray();
        var frame = Skin((x, y) => noise[(y * Width) + x]);
        var pasted = Paste(frame, Face(Skin((_, _) => 0)), PasteArea.Moving);
        Assert.InRange(Deviation(pasted), 1.8, 3.2);
        Assert.InRange(Deviation(Paste(Skin((_, _) => 0), Face(Skin((_, _) => 0)), PasteArea.Moving)), 0, 0.5);
        Assert.Equal(pasted.Pixels, Paste(frame, Face(Skin((_, _) => 0)), PasteArea.Moving).Pixels);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Threads_PasteTheSame(int threads)
    {
        var (frame, face) = (Skin((x, y) => x * y % 5), Face(Skin((x, _) => x % 50)));
        Assert.Equal(Paste(frame, face, PasteArea.Moving).Pixels, Paste(frame, face, PasteArea.Moving, threads).Pixels);
    }

    private static RgbImage Paste(RgbImage frame, float[] face, PasteArea area, int threads = 1)
    {
        var copy = new RgbImage(Width, Height, [.. frame.Pixels]);
        new MouthRestorer(new RepaintMask(Resolution).Pixels, Resolution, threads, area).Restore(copy, AffineTransform.Identity, face, weight: 1);
        return copy;
    }

    private static RgbImage Skin(Func<int, int, int> change)
    {
        var image = new RgbImage(Width, Height);
        for (var i = 0; i < Width * Height; i++)
        {
            var more = change(i % Width, i / Width);
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = ((byte)(180 + more), (byte)(140 + more), (byte)(120 + more));
        }

        return image;
    }

    private static RgbImage Lips((byte Red, byte Green, byte Blue) colour)
    {
        var image = Skin((_, _) => 0);
        for (var y = Mouth; y < Mouth + 14; y++)
        {
            for (var x = Middle - 28; x < Middle + 28; x++)
            {
                (image.Row(y)[3 * x], image.Row(y)[(3 * x) + 1], image.Row(y)[(3 * x) + 2]) = colour;
            }
        }

        return image;
    }

    private static double Distance(RgbImage a, RgbImage b) =>
        Enumerable.Range(3 * (Middle - 20), 3 * 40).Average(i => Math.Abs(a.Row(Mouth + 7)[i] - b.Row(Mouth + 7)[i]));

    /// <summary>The picture as the model has it: stretched to its square.</summary>
    private static float[] Face(RgbImage image, (float Red, float Green, float Blue) cast = default)
    {
        var face = new float[3 * Resolution * Resolution];
        float[] casts = [cast.Red, cast.Green, cast.Blue];
        for (var i = 0; i < face.Length; i++)
        {
            var (channel, at) = (i / (Resolution * Resolution), i % (Resolution * Resolution));
            var (x, y) = ((int)(((at % Resolution) + 0.5) * Width / Resolution), (int)(((at / Resolution) + 0.5) * Height / Resolution));
            face[i] = ((image.Row(y)[(3 * x) + channel] + casts[channel]) / 127.5f) - 1;
        }

        return face;
    }

    private static int Changed(RgbImage a, RgbImage b, int row) => a.Row(row).ToArray().Zip(b.Row(row).ToArray(), (x, y) => x == y ? 0 : 1).Sum();

    private static double Deviation(RgbImage image)
    {
        var values = Enumerable.Range(Mouth, 16).SelectMany(y => Enumerable.Range(Middle - 25, 50).Select(x => (double)image.Row(y)[(3 * x) + 1])).ToList();
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
