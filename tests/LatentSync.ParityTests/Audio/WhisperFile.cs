using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using LatentSync.Tensors;

namespace LatentSync.ParityTests.Audio;

/// <summary>
/// The tensors and dimensions of a Whisper file, read apart from the library so that the oracle shares nothing with
/// what it judges. A stack machine with just the opcodes of such files; tensors must be contiguous.
/// </summary>
internal sealed class WhisperFile
{
    private static readonly object Mark = new();

    private readonly ZipArchive _archive;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<int, object?> _memo = [];

    private WhisperFile(ZipArchive archive) => _archive = archive;

    public Dictionary<string, int> Dimensions { get; } = [];

    public Dictionary<string, Tensor> Tensors { get; } = [];

    public static WhisperFile Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var file = new WhisperFile(archive);
        file.Run(file.Entry("data.pkl"));
        return file;
    }

    private byte[] Entry(string name)
    {
        using var stream = _archive.Entries.Single(entry => entry.FullName.EndsWith("/" + name, StringComparison.Ordinal)).Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private void Run(byte[] pickle)
    {
        for (var at = 0; pickle[at] != '.'; )
        {
            var operand = pickle.AsSpan(at + 1);
            at += 1 + Step((char)pickle[at], operand);
        }
    }

    /// <summary>Runs one opcode; returns the length of its operand.</summary>
    private int Step(char opcode, ReadOnlySpan<byte> operand)
    {
        switch (opcode)
        {
            case '\x80':
                return 1;
            case '(':
                return Push(Mark);
            case ')':
                return Push(Array.Empty<object?>());
            case '}':
                return Push(null);
            case '\x89':
                return Push(false);
            case 'K':
                return Push((int)operand[0]) + 1;
            case 'M':
                return Push((int)BinaryPrimitives.ReadUInt16LittleEndian(operand)) + 2;
            case 'J':
                return Push(BinaryPrimitives.ReadInt32LittleEndian(operand)) + 4;
            case 'X':
                return ReadText(operand);
            case 'c':
                return ReadGlobal(operand);
            case 'q':
                _memo[operand[0]] = _stack[^1];
                return 1;
            case 'r':
                _memo[BinaryPrimitives.ReadInt32LittleEndian(operand)] = _stack[^1];
                return 4;
            case 'h':
                return Push(_memo[operand[0]]) + 1;
            case 'j':
                return Push(_memo[BinaryPrimitives.ReadInt32LittleEndian(operand)]) + 4;
            case 't':
                return Push(PopToMark());
            case '\x85':
                return Push(Pop(1));
            case '\x86':
                return Push(Pop(2));
            case '\x87':
                return Push(Pop(3));
            case 'Q':
                return Push(ReadStorage((object?[])Pop(1)[0]!));
            case 'R':
                return Reduce();
            case 'u':
                SetItems(PopToMark());
                return 0;
            default:
                throw new NotSupportedException($"Pickle opcode {(int)opcode:x2}");
        }
    }

    private int Push(object? value)
    {
        _stack.Add(value);
        return 0;
    }

    private object?[] Pop(int count)
    {
        var items = _stack[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        var items = Pop(_stack.Count - 1 - _stack.LastIndexOf(Mark));
        Pop(1);
        return items;
    }

    private int ReadText(ReadOnlySpan<byte> operand)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(operand);
        return Push(Encoding.UTF8.GetString(operand.Slice(4, length))) + 4 + length;
    }

    private int ReadGlobal(ReadOnlySpan<byte> operand)
    {
        var length = operand.IndexOf((byte)'\n') + 1;
        length += operand[length..].IndexOf((byte)'\n') + 1;
        return Push(Encoding.ASCII.GetString(operand[..(length - 1)]).Replace('\n', '.')) + length;
    }

    private float[] ReadStorage(object?[] id)
    {
        var bytes = Entry("data/" + (string)id[2]!);
        return (string)id[1]! switch
        {
            "torch.HalfStorage" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            "torch.FloatStorage" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            var type => throw new NotSupportedException(type),
        };
    }

    private int Reduce()
    {
        var call = Pop(2);
        var arguments = (object?[])call[1]!;
        return (string)call[0]! == "torch._utils._rebuild_tensor_v2"
            ? Push(new Tensor((float[])arguments[0]!, Array.ConvertAll((object?[])arguments[2]!, length => (int)length!)))
            : Push(null);
    }

    private void SetItems(object?[] items)
    {
        for (var i = 0; i < items.Length; i += 2)
        {
            var key = (string)items[i]!;
            if (items[i + 1] is int number)
            {
                Dimensions[key] = number;
            }
            else if (items[i + 1] is Tensor tensor)
            {
                Tensors[key] = tensor;
            }
        }
    }
}
