using LatentSync.Diffusion;
using LatentSync.Tensors;

namespace LatentSync.Tests.Diffusion;

/// <summary>Predicts a constant per clip and keeps what it was asked.</summary>
internal sealed class FakeNoisePredictor(params float[] predictions) : INoisePredictor
{
    public List<int> FullSteps { get; } = [];

    public List<(int Timestep, float Feature)> Predictions { get; } = [];

    public Tensor? LastSample { get; private set; }

    public Tensor? LastAudio { get; private set; }

    public Tensor DeepFeature(Tensor sample, bool isGuided, int timestep, Tensor audio, CancellationToken cancellationToken)
    {
        FullSteps.Add(timestep);
        return new Tensor([timestep], 1);
    }

    public Tensor PredictNoise(Tensor sample, bool isGuided, int timestep, Tensor audio, Tensor deepFeature, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (LastSample, LastAudio) = (new Tensor([.. sample.Data], [.. sample.Shape]), audio);
        Predictions.Add((timestep, deepFeature.Data[0]));
        var clips = isGuided ? 2 : 1;
        var noise = new Tensor(clips * sample.Shape[0], LatentShape.Channels, sample.Shape[2], sample.Shape[3]);
        for (var row = 0; row < noise.Shape[0]; row++)
        {
            noise.Row(row).Fill(predictions[row / sample.Shape[0]]);
        }

        return noise;
    }
}
