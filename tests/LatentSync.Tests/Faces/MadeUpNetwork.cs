using Google.Protobuf;
using LatentSync.Networks.Onnx;

namespace LatentSync.Tests.Faces;

/// <summary>A network whose outputs are constants, some of which grow with one value of the input: what a test wants a network to see.</summary>
internal sealed class MadeUpNetwork(params int[] inputShape)
{
    private readonly List<Output> _outputs = [];

    /// <summary>Adds an output and gives its values, which may be set.</summary>
    public float[] Add(string name, params int[] shape)
    {
        var output = new Output(name, shape, new float[shape.Aggregate(1, (a, b) => a * b)], []);
        _outputs.Add(output);
        return output.Values;
    }

    /// <summary>Makes an element of an output grow with an element of the input.</summary>
    public void Watch(string output, int element, int input, float gain) => _outputs.Find(known => known.Name == output)!.Watches.Add((element, input, gain));

    public void Write(string path)
    {
        var graph = new GraphProto { Name = "made up" };
        var writer = new OnnxGraphWriter(graph);
        graph.Input.Add(OnnxGraphWriter.Value("input", inputShape));
        writer.Node("Reshape", "flat", ["input", writer.Constant("length", -1L)]);
        foreach (var (name, shape, values, watches) in _outputs)
        {
            var sum = writer.Constant(name + " values", values, shape);
            foreach (var (index, (element, input, gain)) in watches.Index())
            {
                var gains = new float[values.Length];
                gains[element] = gain;
                var of = Invariant($"{name} {index}");
                writer.Node("Gather", of + " seen", ["flat", writer.Constant(of + " place", (long)input)]);
                writer.Node("Mul", of + " grown", [of + " seen", writer.Constant(of + " gains", gains, shape)]);
                sum = writer.Node("Add", of + " sum", [sum, of + " grown"]);
            }

            writer.Node("Identity", name, [sum]);
            graph.Output.Add(OnnxGraphWriter.Value(name, shape));
        }

        var model = new ModelProto
        {
            IrVersion = 7,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
        };
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private sealed record Output(string Name, int[] Shape, float[] Values, List<(int Element, int Input, float Gain)> Watches);
}
