using System.Buffers.Binary;
using System.Text;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>Writes pickle instructions of protocol 2, one method each, without any check: hostile pickles are written with it too.</summary>
internal sealed class PickleWriter
{
    private readonly LittleEndianWriter _bytes = new();

    public PickleWriter() => Raw(0x80, 2);

    public byte[] ToArray() => _bytes.ToArray();

    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Bytes(bytes);
        return this;
    }

    public PickleWriter Op(char instruction) => Raw((byte)instruction);

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').UInt32((uint)bytes.Length).Raw(bytes);
    }

    public PickleWriter Integer(long value)
    {
        if (value is >= 0 and <= byte.MaxValue)
        {
            return Raw((byte)'K', (byte)value);
        }

        Raw(0x8a, sizeof(long));
        _bytes.Int64(value);
        return this;
    }

    public PickleWriter Number(double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Op('G').Raw(bytes);
    }

    public PickleWriter UInt32(uint value)
    {
        _bytes.UInt32(value);
        return this;
    }

    public PickleWriter Integers(params ReadOnlySpan<long> values)
    {
        Op('(');
        foreach (var value in values)
        {
            Integer(value);
        }

        return Op('t');
    }

    /// <summary>An empty OrderedDict.</summary>
    public PickleWriter OrderedDict() => Global("collections", "OrderedDict").Op(')').Op('R');

    /// <summary>A tensor over the storage <paramref name="key"/>, in the words of torch.save.</summary>
    public PickleWriter Tensor(string storageName, string key, long storageLength, long firstElement, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op('(')
            .Op('(')
            .Text("storage")
            .Global("torch", storageName)
            .Text(key)
            .Text("cpu")
            .Integer(storageLength)
            .Op('t')
            .Op('Q')
            .Integer(firstElement)
            .Integers(shape)
            .Integers(strides)
            .Raw(0x89)
            .OrderedDict()
            .Op('t')
            .Op('R');
}
