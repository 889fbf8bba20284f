using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Imaging;

public class BicubicResizerParityTests
{
    private const int SampleStep = 16;

    [Fact]
    public void Resize_OfTheGeneratedFace_MatchesPyTorch()
    {
        var expected = Golden.Tensor("align/generated_resized_560x420_sample.npy");
        var face = GoldenFace.Generated512();
        const int Width = 420;
        const int Height = 560;
        var resizer = new BicubicResizer(GoldenFace.Resolution, GoldenFace.Resolution, Width, Height);
        var sample = new List<float>();
        var resized = new float[Width * Height];
        for (var channel = 0; channel < 3; channel++)
        {
            resizer.Resize(face.Row(channel), resized);
            for (var y = 0; y < Height; y += SampleStep)
            {
                for (var x = 0; x < Width; x += SampleStep)
                {
                    sample.Add(resized[(y * Width) + x]);
                }
            }
        }

        var (actual, wanted) = GoldenFace.Known(sample.ToArray(), expected.Span);
        ParityTable.MaxAbsolute("imaging/bicubic 512x512 to 420x560", actual, wanted, 1e-5);
    }
}
