using Google.Protobuf;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Files;

/// <summary>
/// Rewrites a TensorFlow Lite graph as ONNX: images from [N, H, W, C] to [N, C, H, W], float16 weights to float32,
/// SAME padding to explicit pads. Knows the operators of MediaPipe's face detectors and face mesh.
/// </summary>
internal sealed class TfliteToOnnxConverter
{
    private const int OpsetVersion = 13;
    private const int IrVersion = 7;

    // Half a gigabyte of float32 can be named by a small file that refers to one buffer many times.
    private const int MaximumWeights = 1 << 24;

    private static readonly long[] ChannelsLast = [0, 2, 3, 1];

    private readonly TfliteModel _model;
    private readonly IReadOnlyDictionary<string, string> _names;
    private readonly GraphProto _graph = new() { Name = "face" };
    private readonly OnnxGraphWriter _writer;
    private readonly Dictionary<int, int> _dequantized = [];
    private int _weights;

    private TfliteToOnnxConverter(TfliteModel model, IReadOnlyDictionary<string, string> names)
    {
        _model = model;
        _names = names;
        _writer = new OnnxGraphWriter(_graph);
    }

    /// <summary>Converts a whole file and returns the bytes of the ONNX file.</summary>
    /// <param name="file">The TensorFlow Lite file.</param>
    /// <param name="names">New names of the graph's inputs and outputs by their old ones; others keep theirs.</param>
    /// <exception cref="LipSyncException">InvalidModel: the file is damaged or holds what is not supported.</exception>
    public static byte[] Convert(ReadOnlyMemory<byte> file, IReadOnlyDictionary<string, string> names) =>
        new TfliteToOnnxConverter(TfliteModel.Read(file), names).Convert().ToByteArray();

    private ModelProto Convert()
    {
        foreach (var input in _model.Inputs)
        {
            var shape = Image(input).Shape;
            _graph.Input.Add(OnnxGraphWriter.Value(PublicName(input), shape[0], shape[3], shape[1], shape[2]));
        }

        foreach (var operation in _model.Operators)
        {
            Convert(operation);
        }

        foreach (var output in _model.Outputs)
        {
            AddOutput(output);
        }

        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "LatentSyncSharp",
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Version = OpsetVersion } },
        };
    }

    private void Convert(TfliteOperator operation)
    {
        switch (operation.Code)
        {
            case TfliteOperatorCode.Add:
                Require(_model.Tensors[operation.Input(0)].Shape.AsSpan().SequenceEqual(_model.Tensors[operation.Input(1)].Shape), "broadcasting");
                Activate(operation, "Add", [ValueName(operation.Input(0)), ValueName(operation.Input(1))], operation.RequireOptions().Byte(0));
                break;
            case TfliteOperatorCode.Concatenation:
                Concatenate(operation);
                break;
            case TfliteOperatorCode.Conv2D:
                Convolve(operation);
                break;
            case TfliteOperatorCode.DepthwiseConv2D:
                ConvolveDepthwise(operation);
                break;
            case TfliteOperatorCode.Dequantize:
                _dequantized[operation.Output] = operation.Input(0);
                break;
            case TfliteOperatorCode.MaxPool2D:
                Pool(operation);
                break;
            case TfliteOperatorCode.Relu:
                _writer.Node("Relu", ValueName(operation.Output), [ValueName(operation.Input(0))]);
                break;
            case TfliteOperatorCode.Reshape:
                Reshape(operation);
                break;
            case TfliteOperatorCode.ResizeBilinear:
                Resize(operation);
                break;
            case TfliteOperatorCode.Pad:
                Pad(operation);
                break;
            case TfliteOperatorCode.PRelu:
                Slope(operation);
                break;
            default:
                throw TfliteError.Unsupported(Invariant($"operator {(int)operation.Code}"));
        }
    }

    /// <summary>Conv2DOptions: 0 padding, 1 stride w, 2 stride h, 3 activation, 4 dilation w, 5 dilation h. Kernel [O, H, W, I].</summary>
    private void Convolve(TfliteOperator operation)
    {
        var (input, kernel, options) = (Image(operation.Input(0)), Constant(operation.Input(1)), operation.RequireOptions());
        Require(kernel.IsImage && kernel.Shape[3] == input.Shape[3], "a grouped convolution");
        var (o, h, w, i) = (kernel.Shape[0], kernel.Shape[1], kernel.Shape[2], kernel.Shape[3]);
        var weight = Weight(operation.Input(1), Transpose(kernel.ToFloats(), h * w, i), o, i, h, w);
        var window = TfliteWindow.Create(input, (h, w), (options.Int32(2), options.Int32(1)), (options.Int32(5, 1), options.Int32(4, 1)), options.Byte(0));
        Convolve(operation, weight, window, group: 1, options.Byte(3));
    }

    /// <summary>DepthwiseConv2DOptions: 0 padding, 1 stride w, 2 stride h, 4 activation, 5 dilation w, 6 dilation h. Kernel [1, H, W, O].</summary>
    private void ConvolveDepthwise(TfliteOperator operation)
    {
        var (input, kernel, options) = (Image(operation.Input(0)), Constant(operation.Input(1)), operation.RequireOptions());
        Require(kernel.IsImage && kernel.Shape[0] == 1 && kernel.Shape[3] % input.Shape[3] == 0, "this shape of depthwise kernel");
        var (h, w, o) = (kernel.Shape[1], kernel.Shape[2], kernel.Shape[3]);
        var weight = Weight(operation.Input(1), Transpose(kernel.ToFloats(), h * w, o), o, 1, h, w);
        var window = TfliteWindow.Create(input, (h, w), (options.Int32(2), options.Int32(1)), (options.Int32(6, 1), options.Int32(5, 1)), options.Byte(0));
        Convolve(operation, weight, window, input.Shape[3], options.Byte(4));
    }

    private void Convolve(TfliteOperator operation, string weight, TfliteWindow window, int group, byte activation)
    {
        var bias = Constant(operation.Input(2));
        var name = Weight(operation.Input(2), bias.ToFloats(), bias.ToFloats().Length);
        Activate(
            operation,
            "Conv",
            [ValueName(operation.Input(0)), weight, name],
            activation,
            OnnxGraphWriter.Attribute("kernel_shape", window.Kernel),
            OnnxGraphWriter.Attribute("strides", window.Strides),
            OnnxGraphWriter.Attribute("dilations", window.Dilations),
            OnnxGraphWriter.Attribute("pads", window.Pads),
            OnnxGraphWriter.Attribute("group", group)
        );
    }

    /// <summary>
    /// PReLU as slope * x + (1 - slope) * max(x, 0), with depthwise convolutions of 1x1. ONNX Runtime leaves its blocked
    /// layout for a PRelu and comes back after it; through these it stays, which makes the face mesh 4 times as fast.
    /// </summary>
    private void Slope(TfliteOperator operation)
    {
        var (input, output, slope) = (ValueName(operation.Input(0)), ValueName(operation.Output), Constant(operation.Input(1)));
        Require(slope.Shape is [1, 1, _] && slope.Shape[2] == Image(operation.Input(0)).Shape[3], "this shape of PReLU slopes");
        var slopes = slope.ToFloats();
        var positive = _writer.Node("Relu", output + "_positive", [input]);
        _writer.Node("Add", output, [Scale("_sloped", input, slopes), Scale("_rest", positive, Array.ConvertAll(slopes, value => 1 - value))]);

        string Scale(string suffix, string value, float[] factors) =>
            _writer.Node(
                "Conv",
                output + suffix,
                [value, Weight(operation.Input(1), factors, factors.Length, 1, 1, 1)],
                OnnxGraphWriter.Attribute("kernel_shape", [1, 1]),
                OnnxGraphWriter.Attribute("group", factors.Length)
            );
    }

    /// <summary>Pool2DOptions: 0 padding, 1 stride w, 2 stride h, 3 filter w, 4 filter h, 5 activation.</summary>
    private void Pool(TfliteOperator operation)
    {
        var (input, options) = (Image(operation.Input(0)), operation.RequireOptions());
        var window = TfliteWindow.Create(input, (options.Int32(4), options.Int32(3)), (options.Int32(2), options.Int32(1)), (1, 1), options.Byte(0));
        Activate(
            operation,
            "MaxPool",
            [ValueName(operation.Input(0))],
            options.Byte(5),
            OnnxGraphWriter.Attribute("kernel_shape", window.Kernel),
            OnnxGraphWriter.Attribute("strides", window.Strides),
            OnnxGraphWriter.Attribute("pads", window.Pads)
        );
    }

    /// <summary>The amounts are rows of (before, after) per axis in N, H, W, C order; ONNX wants all befores, then all afters.</summary>
    private void Pad(TfliteOperator operation)
    {
        Image(operation.Input(0));
        var amounts = Constant(operation.Input(1)).ToIntegers();
        Require(amounts.Length == 8, "this shape of padding");
        var pads = _writer.Constant(
            Invariant($"t{operation.Output}_pads"),
            amounts[0],
            amounts[6],
            amounts[2],
            amounts[4],
            amounts[1],
            amounts[7],
            amounts[3],
            amounts[5]
        );
        _writer.Node("Pad", ValueName(operation.Output), [ValueName(operation.Input(0)), pads]);
    }

    /// <summary>ConcatenationOptions: 0 axis, 1 activation.</summary>
    private void Concatenate(TfliteOperator operation)
    {
        var rank = _model.Tensors[operation.Output].Shape.Length;
        var (axis, activation) = (operation.RequireOptions().Int32(0), operation.RequireOptions().Byte(1));
        axis = axis < 0 ? axis + rank : axis;
        Require(axis >= 0 && axis < rank && (rank != 4 || axis == 3), "joining along this axis");
        Activate(operation, "Concat", Array.ConvertAll(operation.Inputs, ValueName), activation, OnnxGraphWriter.Attribute("axis", rank == 4 ? 1 : axis));
    }

    private void Reshape(TfliteOperator operation)
    {
        var (input, output) = (operation.Input(0), _model.Tensors[operation.Output]);
        Require(!output.IsImage, "reshaping to an image");
        Flatten(input, ValueName(operation.Output), output.Shape);
    }

    /// <summary>ResizeBilinearOptions: 2 align corners, 3 half-pixel centres.</summary>
    private void Resize(TfliteOperator operation)
    {
        var (_, output, options) = (Image(operation.Input(0)), Image(operation.Output), operation.RequireOptions());
        var sizes = _writer.Constant(Invariant($"t{operation.Output}_sizes"), output.Shape[0], output.Shape[3], output.Shape[1], output.Shape[2]);
        var mode = (options.Byte(2) != 0, options.Byte(3) != 0) switch
        {
            (false, true) => "half_pixel",
            (false, false) => "asymmetric",
            _ => "align_corners",
        };
        _writer.Node(
            "Resize",
            ValueName(operation.Output),
            [ValueName(operation.Input(0)), string.Empty, string.Empty, sizes],
            OnnxGraphWriter.Attribute("mode", "linear"),
            OnnxGraphWriter.Attribute("coordinate_transformation_mode", mode)
        );
    }

    /// <summary>Image outputs go out flat, [N, H*W*C], in the order TensorFlow Lite has them.</summary>
    private void AddOutput(int index)
    {
        var (name, tensor) = (PublicName(index), _model.Tensors[index]);
        int[] shape = tensor.IsImage ? [tensor.Shape[0], tensor.Shape[1] * tensor.Shape[2] * tensor.Shape[3]] : tensor.Shape;
        Flatten(index, name, shape);
        _graph.Output.Add(OnnxGraphWriter.Value(name, shape));
    }

    private void Flatten(int index, string output, int[] shape)
    {
        var value = ValueName(index);
        if (_model.Tensors[index].IsImage)
        {
            value = _writer.Node("Transpose", $"{output}_channels_last", [value], OnnxGraphWriter.Attribute("perm", ChannelsLast));
        }

        var target = _writer.Constant($"{output}_shape", Array.ConvertAll(shape, length => (long)length));
        _writer.Node("Reshape", output, [value, target]);
    }

    /// <summary>Appends a node and, if the schema's fused activation asks for it, a Relu behind it.</summary>
    private void Activate(TfliteOperator operation, string type, ReadOnlySpan<string> inputs, byte activation, params ReadOnlySpan<AttributeProto> attributes)
    {
        const byte None = 0;
        const byte Relu = 1;
        Require(activation is None or Relu, "this fused activation");
        var output = ValueName(operation.Output);
        var value = _writer.Node(type, activation == Relu ? output + "_linear" : output, inputs, attributes);
        if (activation == Relu)
        {
            _writer.Node("Relu", output, [value]);
        }
    }

    private TfliteTensor Image(int index) =>
        _model.Tensors[index] is { IsImage: true } tensor ? tensor : throw TfliteError.Unsupported("an operator on something other than images");

    private TfliteTensor Constant(int index) => _model.Tensors[_dequantized.GetValueOrDefault(index, index)];

    private string Weight(int index, float[] values, params ReadOnlySpan<int> shape)
    {
        _weights += values.Length;
        Require(_weights <= MaximumWeights, "a network of this size");
        var name = Invariant($"w{index}_{_graph.Initializer.Count}");
        return _writer.Constant(name, values, shape);
    }

    private string ValueName(int index) => Array.IndexOf(_model.Inputs, index) >= 0 ? PublicName(index) : Invariant($"t{index}");

    private string PublicName(int index)
    {
        var name = _model.Tensors[index].Name;
        return _names.GetValueOrDefault(name, name);
    }

    /// <summary>[any, rows, columns] to [any, columns, rows].</summary>
    private static float[] Transpose(float[] values, int rows, int columns)
    {
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (plane, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
            result[(plane * rows * columns) + (column * rows) + row] = values[i];
        }

        return result;
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw TfliteError.Unsupported(what);
        }
    }
}
