using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Networks.UNet;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cpu;

/// <summary>The UNet behind <see cref="INoisePredictor"/>. Sessions are opened when first needed and kept.</summary>
internal sealed class UNetNoisePredictor(UNetConfig config, WeightSource weights, int latentSize, int audioTokens) : INoisePredictor, IDisposable
{
    private readonly Dictionary<bool, (NetworkSession Deep, NetworkSession Shallow)> _sessions = [];

    /// <inheritdoc/>
    public Tensor DeepFeature(Tensor sample, bool isGuided, int timestep, Tensor audio, CancellationToken cancellationToken) =>
        Sessions(isGuided, cancellationToken).Deep.Run(Inputs(sample, timestep, audio), UNetGraphs.Feature, cancellationToken);

    /// <inheritdoc/>
    public Tensor PredictNoise(Tensor sample, bool isGuided, int timestep, Tensor audio, Tensor deepFeature, CancellationToken cancellationToken) =>
        Sessions(isGuided, cancellationToken)
            .Shallow.Run([.. Inputs(sample, timestep, audio), (UNetGraphs.Feature, deepFeature)], UNetGraphs.NoisePrediction, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (deep, shallow) in _sessions.Values)
        {
            deep.Dispose();
            shallow.Dispose();
        }
    }

    private (string Name, Tensor Value)[] Inputs(Tensor sample, int timestep, Tensor audio)
    {
        var features = new Tensor(1, config.BlockOutChannels[0]);
        TimestepFeatures.Compute(timestep, features.Span);
        return [(UNetGraphs.Sample, sample), (UNetGraphs.Timestep, features), (UNetGraphs.Audio, audio)];
    }

    private (NetworkSession Deep, NetworkSession Shallow) Sessions(bool isGuided, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(isGuided, out var sessions))
        {
            var shape = new UNetShape(Clips: 1, latentSize, latentSize, audioTokens);
            var dialect = isGuided ? GuidedCpuDialect.Factory : CpuDialect.Factory;
            var deep = new NetworkSession(UNetGraphs.Deep(dialect, config, shape), weights, cancellationToken);
            try
            {
                sessions = (deep, new NetworkSession(UNetGraphs.Shallow(dialect, config, shape), weights, cancellationToken));
            }
            catch
            {
                deep.Dispose();
                throw;
            }

            _sessions[isGuided] = sessions;
        }

        return sessions;
    }
}
