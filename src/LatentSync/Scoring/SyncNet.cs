using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Verification;
using LatentSync.Networks.SyncNet;
using LatentSync.Ownership;
using LatentSync.Tensors;

namespace LatentSync.Scoring;

/// <summary>Both encoders of a StableSyncNet checkpoint, checked and opened.</summary>
internal sealed class SyncNet : IWindowEncoders
{
    // Last opened, first closed: sessions before the file their weights lie in.
    private readonly OwnedResources _owned = new();
    private readonly NetworkSession _visual;
    private readonly NetworkSession _audio;

    /// <summary>Opens the networks; this reads all weights.</summary>
    /// <exception cref="LipSyncException">InvalidModel: the file is missing, damaged, or another network; nothing stays open.</exception>
    public SyncNet(string path, CancellationToken cancellationToken)
    {
        try
        {
            var archive = _owned.Add(CheckpointFile.Open(path));
            var visual = SyncNetGraphs.Encoder(CpuDialect.Factory, SyncNetEncoder.Visual(archive));
            var audio = SyncNetGraphs.Encoder(CpuDialect.Factory, SyncNetEncoder.Audio(archive));
            TensorSpec[] weights = [.. visual.Weights, .. audio.Weights];
            StateDictVerifier.Verify(archive, weights);
            WeightScan.RequireFinite(archive, weights.Select(weight => weight.Name), cancellationToken);
            _visual = _owned.Add(new NetworkSession(visual, WeightSource.Of(archive), cancellationToken));
            _audio = _owned.Add(new NetworkSession(audio, WeightSource.Of(archive), cancellationToken));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor EncodeFaces(Tensor windows, CancellationToken cancellationToken) => Encode(_visual, windows, cancellationToken);

    /// <inheritdoc/>
    public Tensor EncodeSound(Tensor windows, CancellationToken cancellationToken) => Encode(_audio, windows, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static Tensor Encode(NetworkSession session, Tensor windows, CancellationToken cancellationToken)
    {
        // As torch.nn.functional.normalize has it.
        const float SmallestLength = 1e-12f;
        var embeddings = session.Run([(SyncNetGraphs.Window, windows)], SyncNetGraphs.Embedding, cancellationToken);
        embeddings = embeddings.Reshape(windows.Shape[0], embeddings.Length / windows.Shape[0]);
        for (var i = 0; i < embeddings.Shape[0]; i++)
        {
            var row = embeddings.Row(i);
            TensorPrimitives.Divide(row, MathF.Max(TensorPrimitives.Norm<float>(row), SmallestLength), row);
        }

        return embeddings;
    }
}
