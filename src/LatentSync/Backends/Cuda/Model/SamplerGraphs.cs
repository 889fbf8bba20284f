using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Networks.Onnx;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>The arithmetic around the UNet as graphs, so that latents never leave the device. Latents are float32, [frames, height, width, 4].</summary>
internal static class SamplerGraphs
{
    /// <summary>Port: the latents.</summary>
    public const string Latents = "latents";

    /// <summary>Port: mask, masked-image latents and reference latents, filled up to 12 channels.</summary>
    public const string Conditions = "conditions";

    /// <summary>Port: the UNet's input, 16 channels.</summary>
    public const string Sample = "sample";

    /// <summary>Port: predicted noise without audio.</summary>
    public const string Without = "without";

    /// <summary>Port: predicted noise with audio, likewise.</summary>
    public const string With = "with";

    /// <summary>Port: one number, the guidance scale.</summary>
    public const string Guidance = "guidance";

    /// <summary>Port: one number, the latents' factor in the DDIM step.</summary>
    public const string LatentFactor = "latent_factor";

    /// <summary>Port: one number, the noise's factor in the DDIM step.</summary>
    public const string NoiseFactor = "noise_factor";

    /// <summary>Port: the latents after the step.</summary>
    public const string Next = "next";

    /// <summary>Channels of <see cref="Conditions"/>.</summary>
    public const int ConditionChannels = 12;

    /// <summary>Channels of <see cref="Sample"/>.</summary>
    public const int SampleChannels = LatentShape.Channels + ConditionChannels;

    /// <summary>Latents and conditions side by side.</summary>
    public static DeviceGraph Join(DeviceGraphWriter writer, int size, DeviceDataType type)
    {
        var latents = writer.Input(Latents, DeviceDataType.Float32, -1, size, size, LatentShape.Channels);
        var conditions = writer.Input(Conditions, type, -1, size, size, ConditionChannels);
        var cast = type == DeviceDataType.Float32 ? latents : writer.Cast(latents, type);
        writer.Output(Sample, writer.Graph.Node("Concat", [-1, size, size, SampleChannels], [cast, conditions], [("axis", 3)]), type);
        return writer.Build();
    }

    /// <summary>Guidance and the DDIM step: e = e0 + g (e1 - e0), x' = a x + b e, in float32.</summary>
    public static DeviceGraph Step(DeviceGraphWriter writer, int size, DeviceDataType type)
    {
        var graph = writer.Graph;
        int[] shape = [-1, size, size, LatentShape.Channels];
        var latents = writer.Input(Latents, DeviceDataType.Float32, shape);
        var (without, with) = (Prediction(Without), Prediction(With));
        var guidance = writer.Input(Guidance, DeviceDataType.Float32, 1);
        var (latentFactor, noiseFactor) = (writer.Input(LatentFactor, DeviceDataType.Float32, 1), writer.Input(NoiseFactor, DeviceDataType.Float32, 1));
        var difference = graph.Node("Sub", shape, [with, without]);
        var noise = graph.Node("Add", shape, [without, graph.Node("Mul", shape, [difference, guidance])]);
        var next = graph.Node("Add", shape, [graph.Node("Mul", shape, [latents, latentFactor]), graph.Node("Mul", shape, [noise, noiseFactor])]);
        writer.Output(Next, next, DeviceDataType.Float32);
        return writer.Build();

        Value Prediction(string name)
        {
            var values = writer.Input(name, type, shape);
            return type == DeviceDataType.Float32 ? values : writer.Cast(values, DeviceDataType.Float32);
        }
    }
}
