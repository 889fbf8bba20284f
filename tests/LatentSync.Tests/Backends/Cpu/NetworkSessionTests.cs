using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.SyncNet;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Backends.Cpu;

public sealed class NetworkSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cancelling_EndsASessionThatOpens()
    {
        var path = _folder.File("syncnet.pt");
        SyncNetCheckpoint.Write(path);
        using var archive = CheckpointFile.Open(path);
        var graph = SyncNetGraphs.Encoder(CpuDialect.Factory, SyncNetEncoder.Audio(archive));
        using var stop = new CancellationTokenSource();
        var look = new Look();
        var weights = WeightSource.Of(archive) with { Tensors = new Dictionary<string, StoredTensor>(archive.Tensors, look) };
        new NetworkSession(graph, weights, stop.Token).Dispose();

        // While the graph is joined with its weights, which is after the first look at the token.
        look.Act = stop.Cancel;
        Assert.Throws<OperationCanceledException>(() => new NetworkSession(graph, weights, stop.Token));
    }

    /// <summary>Acts when a weight is looked up.</summary>
    private sealed class Look : IEqualityComparer<string>
    {
        public Action? Act { get; set; }

        public bool Equals(string? x, string? y) => x == y;

        public int GetHashCode(string obj)
        {
            Act?.Invoke();
            return obj.GetHashCode(StringComparison.Ordinal);
        }
    }
}
