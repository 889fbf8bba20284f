using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Checkpoints.Config;
using LatentSync.Imaging;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>The arithmetic around the VAE as graphs, so that pictures go to the device as bytes and come back once.</summary>
internal static class FaceGraphs
{
    /// <summary>Port: 8-bit RGB faces, [frames, height, width, 3].</summary>
    public const string Pixels = "pixels";

    /// <summary>Port: the repaint mask, float32 [height, width, 1] or, at the latents' size, [frames, height, width, 1]; 1 keeps.</summary>
    public const string Mask = "mask";

    /// <summary>Port: the masked faces, [frames, height, width, 8], -1..1, of which 3 channels count.</summary>
    public const string Masked = "masked";

    /// <summary>Port: the whole faces, likewise.</summary>
    public const string Whole = "whole";

    /// <summary>Port: posterior of the masked faces, [frames, height, width, 8].</summary>
    public const string MaskedMoments = "masked_moments";

    /// <summary>Port: posterior of the whole faces.</summary>
    public const string WholeMoments = "whole_moments";

    /// <summary>Port: mask, masked-image latents, reference latents, zeros: [frames, height, width, 12].</summary>
    public const string Conditions = "conditions";

    /// <summary>Port: float32 latents of the sampler, [frames, height, width, 4].</summary>
    public const string Latents = "latents";

    /// <summary>Port: the decoder's input, [frames, height, width, 8].</summary>
    public const string Unscaled = "unscaled";

    /// <summary>Port: the decoder's output, [frames, height, width, 8].</summary>
    public const string Decoded = "decoded";

    /// <summary>Port: float32 [frames, 3, height, width], about -1..1.</summary>
    public const string Faces = "faces";

    private const int ConditionChannels = 12;
    private const float HalfRange = 127.5f;

    private static readonly int[] ChannelsFirst = [0, 3, 1, 2];

    /// <summary>Bytes to -1..1, whole and masked.</summary>
    public static DeviceGraph Prepare(DeviceGraphWriter writer, int resolution, DeviceDataType type)
    {
        var graph = writer.Graph;
        int[] shape = [-1, resolution, resolution, RgbImage.Channels];
        var pixels = Levels(writer, writer.Input(Pixels, DeviceDataType.UInt8, shape));
        var mask = writer.Input(Mask, DeviceDataType.Float32, resolution, resolution, 1);
        writer.Output(Masked, Pad(writer, writer.Cast(graph.Node("Mul", shape, [pixels, mask]), type)), type);
        writer.Output(Whole, Pad(writer, writer.Cast(pixels, type)), type);
        return writer.Build();
    }

    /// <summary>Posterior means, shifted and scaled, beside the mask.</summary>
    public static DeviceGraph Condition(DeviceGraphWriter writer, VaeConfig config, int size, DeviceDataType type)
    {
        var graph = writer.Graph;
        var channels = config.LatentChannels;
        var mask = writer.Cast(writer.Input(Mask, DeviceDataType.Float32, -1, size, size, 1), type);
        var (masked, whole) = (Mean(MaskedMoments), Mean(WholeMoments));
        var joined = graph.Node("Concat", [-1, size, size, 1 + (2 * channels)], [mask, masked, whole], [("axis", 3)]);
        writer.Output(Conditions, Pad(writer, joined, ConditionChannels), type);
        return writer.Build();

        Value Mean(string name)
        {
            int[] shape = [-1, size, size, channels];
            var moments = writer.Input(name, type, -1, size, size, 2 * channels);
            var rows = writer.Cast(writer.Reshape(moments, -1, 2 * channels), DeviceDataType.Float32);
            var mean = writer.Reshape(graph.Node("MatMul", [-1, channels], [rows, FirstChannels(writer, 2 * channels, channels)]), shape);
            mean = graph.Node("Sub", shape, [mean, graph.Vector((float)config.ShiftFactor)]);
            return writer.Cast(graph.Node("Mul", shape, [mean, graph.Vector((float)config.ScalingFactor)]), type);
        }
    }

    /// <summary>Latents as the decoder takes them.</summary>
    public static DeviceGraph Unscale(DeviceGraphWriter writer, VaeConfig config, int size, DeviceDataType type)
    {
        var graph = writer.Graph;
        var latents = writer.Input(Latents, DeviceDataType.Float32, -1, size, size, config.LatentChannels);
        var scaled = graph.Node("Div", latents.Shape, [latents, graph.Vector((float)config.ScalingFactor)]);
        scaled = graph.Node("Add", latents.Shape, [scaled, graph.Vector((float)config.ShiftFactor)]);
        writer.Output(Unscaled, Pad(writer, writer.Cast(scaled, type)), type);
        return writer.Build();
    }

    /// <summary>The kept region back over the decoded faces, in float32: decoded + mask * (pixel - decoded); channels first.</summary>
    public static DeviceGraph Composite(DeviceGraphWriter writer, int resolution, DeviceDataType type)
    {
        var graph = writer.Graph;
        int[] shape = [-1, resolution, resolution, RgbImage.Channels];
        var decoded = writer.Cast(writer.Input(Decoded, type, shape), DeviceDataType.Float32);
        var pixels = Levels(writer, writer.Input(Pixels, DeviceDataType.UInt8, shape));
        var mask = writer.Input(Mask, DeviceDataType.Float32, resolution, resolution, 1);
        var difference = graph.Node("Mul", shape, [graph.Node("Sub", shape, [pixels, decoded]), mask]);
        var faces = graph.Node("Add", shape, [decoded, difference]);
        writer.Output(
            Faces,
            graph.Node("Transpose", [-1, RgbImage.Channels, resolution, resolution], [faces], [("perm", ChannelsFirst)]),
            DeviceDataType.Float32
        );
        return writer.Build();
    }

    /// <summary>[all, wanted] with ones on the diagonal: a product with it keeps the first channels, exactly.</summary>
    private static Value FirstChannels(DeviceGraphWriter writer, int all, int wanted)
    {
        var ones = new float[all * wanted];
        for (var i = 0; i < wanted; i++)
        {
            ones[(i * wanted) + i] = 1;
        }

        return writer.Reshape(writer.Graph.Vector(ones), all, wanted);
    }

    /// <summary>0..255 to -1..1, in float32.</summary>
    private static Value Levels(DeviceGraphWriter writer, Value bytes)
    {
        var graph = writer.Graph;
        var values = graph.Node("Div", bytes.Shape, [writer.Cast(bytes, DeviceDataType.Float32), graph.Vector(HalfRange)]);
        return graph.Node("Sub", bytes.Shape, [values, graph.Vector(1)]);
    }

    private static Value Pad(DeviceGraphWriter writer, Value map, int? channels = null)
    {
        var wanted = channels ?? CudaDialect.Padded(map[3]);
        return writer.Graph.Node(
            "Pad",
            [map[0], map[1], map[2], wanted],
            [map, writer.Graph.Constant(0, 0, 0, 0, 0, 0, 0, wanted - map[3])],
            [("mode", "constant")]
        );
    }
}
