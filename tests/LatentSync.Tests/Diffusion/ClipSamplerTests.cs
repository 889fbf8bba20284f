using LatentSync.Diffusion;
using LatentSync.Tensors;

namespace LatentSync.Tests.Diffusion;

public class ClipSamplerTests
{
    private const int Frames = 3;
    private const int Size = 2;

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 4)]
    [InlineData(10, 1)]
    public void Denoise_RunsAFullStepEveryCacheInterval(int interval, int fullSteps)
    {
        var network = new FakeNoisePredictor(0.1f, 0.1f);
        Denoise(network, new SamplerOptions(10, 1.5f, interval));
        Assert.Equal(fullSteps, network.FullSteps.Count);
        Assert.Equal(10, network.Predictions.Count);
        var schedule = new DdimSchedule(10).Timesteps;
        for (var step = 0; step < 10; step++)
        {
            Assert.Equal((schedule[step], schedule[step / interval * interval]), network.Predictions[step]);
        }
    }

    [Fact]
    public void Denoise_WithoutGuidance_RunsTheNetworkOnOneClip()
    {
        var network = new FakeNoisePredictor(0.5f);
        Denoise(network, new SamplerOptions(2, 1, 1));
        Assert.Equal(Frames, network.LastSample!.Shape[0]);
        Assert.Equal(Frames, network.LastAudio!.Shape[0]);
    }

    [Fact]
    public void Denoise_WithGuidance_MovesAwayFromTheRunWithoutAudio()
    {
        // e0 + g (e1 - e0) with e0 = 0.2, e1 = 0.6, g = 2 is 1.
        var guided = Denoise(new FakeNoisePredictor(0.2f, 0.6f), new SamplerOptions(4, 2, 1));
        var same = Denoise(new FakeNoisePredictor(1), new SamplerOptions(4, 1, 1));
        for (var i = 0; i < same.Length; i++)
        {
            Assert.Equal(same.Data[i], guided.Data[i], 1e-5);
        }
    }

    [Fact]
    public void Denoise_OrdersTheChannels()
    {
        var network = new FakeNoisePredictor(0, 0);
        Denoise(network, new SamplerOptions(1, 1.5f, 1));
        var sample = network.LastSample!;
        Assert.Equal(Frames, sample.Shape[0]);
        for (var frame = 0; frame < Frames; frame++)
        {
            var channels = sample.Row(frame).ToArray().Chunk(Size * Size).Select(plane => plane[0]).ToArray();
            Assert.Equal([9, 9, 9, 9, 1, 100 + frame, 100 + frame, 100 + frame, 100 + frame, 200 + frame, 200 + frame, 200 + frame, 200 + frame], channels);
            Assert.All(network.LastAudio!.Row(frame).ToArray(), value => Assert.Equal(300 + frame, value));
        }
    }

    [Fact]
    public void Denoise_DoesNotChangeItsInputs()
    {
        var conditions = Conditions();
        var noise = Filled(9, Frames, 4, Size, Size);
        new ClipSampler(new FakeNoisePredictor(0.3f, 0.4f)).Denoise(conditions, noise, new SamplerOptions(3, 1.5f, 2), null, CancellationToken.None);
        Assert.All(noise.Data, value => Assert.Equal(9, value));
        Assert.Equal(Conditions().ReferenceLatents.Data, conditions.ReferenceLatents.Data);
        Assert.Equal(Conditions().Audio.Data, conditions.Audio.Data);
    }

    [Fact]
    public void Denoise_WhenTheNetworkGivesNaN_SaysSo()
    {
        var error = Assert.Throws<LipSyncException>(() => Denoise(new FakeNoisePredictor(float.NaN, 0), new SamplerOptions(2, 1.5f, 1)));
        Assert.Equal(LipSyncErrorCode.InferenceFailed, error.Code);
    }

    [Fact]
    public void Denoise_WhenCancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new ClipSampler(new FakeNoisePredictor(0, 0)).Denoise(
                Conditions(),
                Filled(9, Frames, 4, Size, Size),
                new SamplerOptions(2, 1.5f, 1),
                null,
                cancelled.Token
            )
        );
    }

    [Fact]
    public void Denoise_WhenTheMaskHasOtherFrames_NamesIt()
    {
        var conditions = Conditions() with { Mask = new Tensor(Frames - 1, Size, Size) };
        var error = Assert.Throws<ArgumentException>(() =>
            new ClipSampler(new FakeNoisePredictor(0)).Denoise(
                conditions,
                Filled(9, Frames, 4, Size, Size),
                new SamplerOptions(1, 1, 1),
                null,
                CancellationToken.None
            )
        );
        Assert.Equal("Mask", error.ParamName);
    }

    [Fact]
    public void Denoise_TellsEachStep_WithTheLatentsAfterIt()
    {
        var told = new List<(int Step, float Value)>();
        var result = new ClipSampler(new FakeNoisePredictor(0.1f, 0.1f)).Denoise(
            Conditions(),
            Filled(9, Frames, 4, Size, Size),
            new SamplerOptions(3, 1.5f, 1),
            (step, latents) => told.Add((step, latents.Data[0])),
            CancellationToken.None
        );
        Assert.Equal([1, 2, 3], told.Select(step => step.Step));
        Assert.Equal(3, told.Select(step => step.Value).Distinct().Count());
        Assert.Equal(result.Data[0], told[^1].Value);
    }

    [Theory]
    [InlineData("MaskedImageLatents")]
    [InlineData("ReferenceLatents")]
    [InlineData("Audio")]
    [InlineData("noise")]
    public void Denoise_WhenAPartHasAnotherShape_NamesIt(string part)
    {
        var good = Conditions();
        var conditions = part switch
        {
            "MaskedImageLatents" => good with { MaskedImageLatents = new Tensor(Frames, 4, Size, Size + 1) },
            "ReferenceLatents" => good with { ReferenceLatents = new Tensor(Frames, 3, Size, Size) },
            "Audio" => good with { Audio = new Tensor(Frames + 1, 5, 6) },
            _ => good,
        };
        var noise = Filled(9, Frames, part == "noise" ? 3 : 4, Size, Size);
        var error = Assert.Throws<ArgumentException>(() =>
            new ClipSampler(new FakeNoisePredictor(0)).Denoise(conditions, noise, new SamplerOptions(1, 1, 1), null, CancellationToken.None)
        );
        Assert.Equal(part, error.ParamName);
    }

    /// <summary>Without guidance one number predicted everywhere: x' = a x + b e for each step, however the frames began.</summary>
    [Fact]
    public void Denoise_AdvancesEveryLatent()
    {
        var noise = Numbered(1, Frames, 4, Size, Size);
        var options = new SamplerOptions(5, 1, 2);
        var actual = new ClipSampler(new FakeNoisePredictor(0.5f)).Denoise(Conditions(), noise, options, null, CancellationToken.None);
        for (var frame = 0; frame < Frames; frame++)
        {
            var expected = new SamplingPlan(options).Steps.Aggregate(1f + frame, (x, step) => (step.LatentFactor * x) + (step.NoiseFactor * 0.5f));
            Assert.All(actual.Row(frame).ToArray(), value => Assert.Equal(expected, value, 1e-5));
        }
    }

    private static Tensor Denoise(FakeNoisePredictor network, SamplerOptions options) =>
        new ClipSampler(network).Denoise(Conditions(), Filled(9, Frames, 4, Size, Size), options, null, CancellationToken.None);

    private static ClipConditions Conditions() =>
        new(Filled(1, Frames, Size, Size), Numbered(100, Frames, 4, Size, Size), Numbered(200, Frames, 4, Size, Size), Numbered(300, Frames, 5, 6));

    private static Tensor Filled(float value, params int[] shape)
    {
        var tensor = new Tensor(shape);
        tensor.Span.Fill(value);
        return tensor;
    }

    private static Tensor Numbered(float first, params int[] shape)
    {
        var tensor = new Tensor(shape);
        for (var row = 0; row < shape[0]; row++)
        {
            tensor.Row(row).Fill(first + row);
        }

        return tensor;
    }
}
