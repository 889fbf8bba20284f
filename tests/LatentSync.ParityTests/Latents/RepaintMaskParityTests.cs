using LatentSync.Latents;
using LatentSync.TestKit;
using static System.FormattableString;

namespace LatentSync.ParityTests.Latents;

public class RepaintMaskParityTests
{
    [Theory]
    [InlineData(256, "mask/mask_256_latent32.npy")]
    [InlineData(512, "mask/mask_512_latent64.npy")]
    public void Mask_EqualsTheReference(int resolution, string latents)
    {
        var mask = new RepaintMask(resolution);
        ParityTable.MaxAbsolute(
            Invariant($"mask/mask_{resolution}.npy"),
            Array.ConvertAll(mask.Pixels, v => v * 255),
            Golden.Tensor(Invariant($"mask/mask_{resolution}.npy")).Span,
            1e-4
        );
        ParityTable.MaxAbsolute(latents, mask.Latents, Golden.Tensor(latents).Span, 1e-6);
    }
}
