using LatentSync.Scoring;
using LatentSync.Tensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.ParityTests.Scoring;

/// <summary>
/// The embeddings of the small SyncNet of <see cref="SyncNetCheckpoint"/> against those of the public StableSyncNet class,
/// run once by PyTorch 1.13 on the CPU with the same weights and inputs, all made by <see cref="Formula"/>.
/// </summary>
public sealed class SyncNetParityTests : IDisposable
{
    private const double Limit = 1e-4;
    private const int Windows = 2;

    // Every eighth number of the 256 is kept here.
    private const int KeptEvery = 8;

    // csharpier-ignore
    private static readonly float[] Faces =
    [
        0, 0, 0, 0, 0, 0.084599376f, 0.058219783f, 0, 0, 0.11886754f, 0.038027421f, 0, 0.018795768f, 0, 0.068138711f, 0, 0.11374258f, 0.036740456f,
        0.10983482f, 0, 0, 0.097477831f, 0.0034821094f, 0.11259881f, 0.013299761f, 0.071607769f, 0, 0.018382225f, 0, 0, 0, 0, 0, 0.16973425f,
        0.00061193074f, 0.11567082f, 0, 0.079653293f, 0, 0.083006501f, 0.15577304f, 0.072237566f, 0.053431291f, 0, 0.10680354f, 0.05770186f, 0, 0,
        0.14736997f, 0.042939119f, 0.17579123f, 0, 0.020488614f, 0.18575041f, 0.019909259f, 0.16521783f, 0.010473051f, 0.17035441f, 0.005028652f,
        0.11248938f, 0.1705626f, 0, 0, 0.042156395f,
    ];

    // csharpier-ignore
    private static readonly float[] Sound =
    [
        0, 0.1058753f, 0.22936696f, 0.065077759f, 0.013244328f, 0.071340501f, 0.074850678f, 0, 0, 0.16860741f, 0.10655616f, 0, 0, 0.036418427f, 0,
        0.050154589f, 0.18477693f, 0.092663758f, 0, 0, 0.021586834f, 0, 0, 0.036517885f, 0.094145186f, 0.0066263238f, 0.082811087f, 0, 0, 0.11546562f,
        0, 0, 0, 0.0046366546f, 0, 0.021684416f, 0.16991234f, 0.082411923f, 0, 0, 0, 0.072176233f, 0, 0.047329571f, 0, 0, 0, 0.13025638f, 0,
        0.10050946f, 0.017118709f, 0, 0, 0.069449872f, 0.022728173f, 0, 0.076599292f, 0.17977202f, 0, 0, 0.13181557f, 0.010328847f, 0, 0.040687308f,
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Embeddings_EqualTheReference()
    {
        var path = _folder.File("stable_syncnet.pt");
        SyncNetCheckpoint.Write(path);
        using var network = new SyncNet(path, TestContext.Current.CancellationToken);
        var faces = new Tensor(Formula.Numbers("faces", Windows * 48 * 128 * 256), Windows, 48, 128, 256);
        var mel = new Tensor(Formula.Numbers("mel", Windows * 80 * 52, scale: 4), Windows, 1, 80, 52);
        Compare("syncnet_small/faces", network.EncodeFaces(faces, TestContext.Current.CancellationToken), Faces);
        Compare("syncnet_small/sound", network.EncodeSound(mel, TestContext.Current.CancellationToken), Sound);
    }

    private static void Compare(string name, Tensor embeddings, float[] expected)
    {
        embeddings.RequireShape(name, Windows, SyncNetCheckpoint.Visual.EmbeddingWidth);
        float[] kept = [.. embeddings.Data.Where((_, i) => i % KeptEvery == 0)];
        ParityTable.RelativeL2(name, new Tensor(kept, kept.Length), new Tensor(expected, expected.Length), Limit);
    }
}
