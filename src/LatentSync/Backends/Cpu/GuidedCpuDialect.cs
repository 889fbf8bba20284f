using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;
using LatentSync.Networks.UNet;

namespace LatentSync.Backends.Cpu;

/// <summary>
/// The UNet of both halves of a guided step. Sample and sound come once. Until the first attention to the sound both halves are
/// equal, so that one is computed; behind it the images of both lie one after the other, those of the silent half first. That half
/// hears zeros, and keys and values have no bias: only the bias of the output layer is left of its attention to the sound.
/// </summary>
internal sealed class GuidedCpuDialect(GraphWriter graph) : CpuDialect(graph)
{
    /// <summary>Writes a graph of both halves.</summary>
    public static new readonly DialectFactory Factory = graph => new GuidedCpuDialect(graph);

    // Values of both halves; what is made of the hearing half alone; values of one half that were needed for both.
    private readonly HashSet<string> _both = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hearing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _repeated = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override Value MapInput(string name, int channels, int height, int width)
    {
        var input = base.MapInput(name, channels, height, width);
        if (name == UNetGraphs.Feature)
        {
            _both.Add(name);
        }

        return input;
    }

    /// <inheritdoc/>
    public override Value Hearing(Value value)
    {
        var half = IsBoth(value) ? Half(value, 1) : value;
        _hearing.Add(half.Name);
        return half;
    }

    /// <inheritdoc/>
    public override (Value Tokens, Value Normed) AddLinearNorm(Value tokens, string weights, Value skip, string norm, string? alsoBias = null)
    {
        if (!_hearing.Contains(tokens.Name))
        {
            return base.AddLinearNorm(tokens, weights, skip, norm, alsoBias);
        }

        var (silent, hearing) = IsBoth(skip) ? (Half(skip, 0), Half(skip, 1)) : (skip, skip);
        var sum = Join(AddBias(silent, weights), AddLinear(tokens, weights, hearing));
        return (sum, LayerNorm(sum, norm));
    }

    /// <inheritdoc/>
    public override Value AddPointwise(Value tokens, string weights, Value map) => base.AddPointwise(tokens, weights, IsBoth(tokens) ? Repeated(map) : map);

    /// <inheritdoc/>
    public override Value Concatenate(Value left, Value right) =>
        IsBoth(left) || IsBoth(right) ? base.Concatenate(Repeated(left), Repeated(right)) : base.Concatenate(left, right);

    /// <inheritdoc/>
    protected override Value Node(string operatorType, int[] shape, Value[] inputs, (string Name, object Value)[]? attributes = null, string domain = "")
    {
        var result = base.Node(operatorType, shape, inputs, attributes, domain);
        foreach (var kind in (HashSet<string>[])[_both, _hearing])
        {
            if (inputs.Any(input => kind.Contains(input.Name)))
            {
                kind.Add(result.Name);
            }
        }

        return result;
    }

    /// <inheritdoc/>
    protected override int Clips(Value value, int clips) => IsBoth(value) ? 2 * clips : clips;

    private bool IsBoth(Value value) => _both.Contains(value.Name);

    /// <summary>One half of the images of both, as an axis of its own so that their number stays free.</summary>
    private Value Half(Value value, int half)
    {
        var halves = Reshape(value, [2, -1, .. value.Shape[1..]]);
        var one = base.Node("Slice", [1, -1, .. value.Shape[1..]], [halves, Constant(half), Constant(half + 1), Constant(0)]);
        return base.Node("Reshape", value.Shape, [one, Constant([-1, .. value.Shape[1..].Select(length => (long)length)])]);
    }

    private Value Join(Value silent, Value hearing)
    {
        var joined = base.Node("Concat", hearing.Shape, [silent, hearing], [("axis", 0)]);
        _both.Add(joined.Name);
        return joined;
    }

    private Value Repeated(Value value)
    {
        if (IsBoth(value))
        {
            return value;
        }

        if (!_repeated.TryGetValue(value.Name, out var repeated))
        {
            repeated = _repeated[value.Name] = Join(value, value);
        }

        return repeated;
    }
}
