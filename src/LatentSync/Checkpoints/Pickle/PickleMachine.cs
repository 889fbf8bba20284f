using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>
/// Reads a Python pickle of protocol 2 to 5 that holds containers, numbers, texts and tensors. It is a parser, not an
/// interpreter: the names a pickle may refer to are a closed list, and nothing is ever executed. Values become null, bool,
/// long, double, string, object?[] (tuple), List (list), <see cref="PickledDictionary"/> and <see cref="PickledTensor"/>.
/// </summary>
internal static class PickleMachine
{
    private const int MaxInstructions = 10_000_000;
    private const int MinProtocol = 2;
    private const int MaxProtocol = 5;

    /// <summary>Reads the value of a pickle.</summary>
    /// <param name="pickle">The bytes.</param>
    /// <param name="path">The file they come from, for messages.</param>
    /// <exception cref="LipSyncException">The pickle is damaged, too large, or refers to anything else.</exception>
    public static object? Read(ReadOnlySpan<byte> pickle, string path)
    {
        var reader = new PickleReader(pickle, path);
        var stack = new PickleStack(path);
        for (var count = 0; count < MaxInstructions; count++)
        {
            var instruction = reader.Byte();
            if (instruction == (byte)'.')
            {
                return stack.Pop();
            }

            Execute(instruction, ref reader, stack, path);
        }

        throw ModelErrors.Refused(path, $"has a pickle with more instructions than any checkpoint needs; get it from another source");
    }

    private static void Execute(byte instruction, ref PickleReader reader, PickleStack stack, string path)
    {
        if (!Constant(instruction, ref reader, stack, path) && !Arrange(instruction, ref reader, stack) && !Contain(instruction, stack, path))
        {
            Refer(instruction, ref reader, stack, path);
        }
    }

    private static bool Constant(byte instruction, ref PickleReader reader, PickleStack stack, string path)
    {
        switch (instruction)
        {
            case 0x80:
                RequireProtocol(reader.Byte(), path);
                break;
            case 0x95:
                reader.Frame();
                break;
            case (byte)'N':
                stack.Push(null);
                break;
            case 0x88:
                stack.Push(true);
                break;
            case 0x89:
                stack.Push(false);
                break;
            case (byte)'J':
                stack.Push((long)reader.Int32());
                break;
            case (byte)'K':
                stack.Push((long)reader.Byte());
                break;
            case (byte)'M':
                stack.Push((long)reader.UInt16());
                break;
            case 0x8a:
                stack.Push(reader.Long());
                break;
            case (byte)'G':
                stack.Push(reader.Double());
                break;
            case (byte)'X':
                stack.Push(reader.Text(reader.UInt32()));
                break;
            case 0x8c:
                stack.Push(reader.Text(reader.Byte()));
                break;
            case 0x8d:
                stack.Push(reader.LongText());
                break;
            default:
                return false;
        }

        return true;
    }

    private static bool Arrange(byte instruction, ref PickleReader reader, PickleStack stack)
    {
        switch (instruction)
        {
            case (byte)'(':
                stack.Mark();
                break;
            case (byte)'0':
                stack.Pop();
                break;
            case (byte)'1':
                stack.PopToMark();
                break;
            case (byte)'2':
                stack.Push(stack.Peek());
                break;
            case (byte)'q':
                stack.Memoize(reader.Byte());
                break;
            case (byte)'r':
                stack.Memoize(reader.UInt32());
                break;
            case 0x94:
                stack.Memoize();
                break;
            case (byte)'h':
                stack.Recall(reader.Byte());
                break;
            case (byte)'j':
                stack.Recall(reader.UInt32());
                break;
            default:
                return false;
        }

        return true;
    }

    private static bool Contain(byte instruction, PickleStack stack, string path)
    {
        switch (instruction)
        {
            case (byte)')':
                stack.Push(Array.Empty<object?>());
                break;
            case 0x85:
                stack.Push(stack.Pop(1));
                break;
            case 0x86:
                stack.Push(stack.Pop(2));
                break;
            case 0x87:
                stack.Push(stack.Pop(3));
                break;
            case (byte)'t':
                stack.Push(stack.PopToMark());
                break;
            case (byte)']':
                stack.Push(new List<object?>());
                break;
            case (byte)'l':
                stack.Push(new List<object?>(stack.PopToMark()));
                break;
            case (byte)'a':
                AppendTo(stack, stack.Pop(1), path);
                break;
            case (byte)'e':
                AppendTo(stack, stack.PopToMark(), path);
                break;
            case (byte)'}':
                stack.Push(new PickledDictionary(isOrdered: false));
                break;
            case (byte)'d':
                PushDictionary(stack, path);
                break;
            case (byte)'s':
                AddTo(stack, stack.Pop(2), path);
                break;
            case (byte)'u':
                AddTo(stack, stack.PopToMark(), path);
                break;
            default:
                return false;
        }

        return true;
    }

    private static void Refer(byte instruction, ref PickleReader reader, PickleStack stack, string path)
    {
        switch (instruction)
        {
            case (byte)'c':
                stack.Push(PickleGlobal.Resolve(reader.Line(), reader.Line(), path));
                break;
            case 0x93:
                PushStackGlobal(stack, path);
                break;
            case (byte)'Q':
                stack.Push(PickleBuilder.Storage(stack.Pop(), path));
                break;
            case (byte)'R':
                Reduce(stack, path);
                break;
            case (byte)'b':
                PickleBuilder.RequireHarmlessState(stack.Pop(), stack.Peek(), path);
                break;

            // 'i' names and calls at once; reading the name first lets the refusal tell it.
            case (byte)'i':
                PickleGlobal.Resolve(reader.Line(), reader.Line(), path);
                goto default;
            default:
                throw Unexpected(instruction, path);
        }
    }

    private static void RequireProtocol(byte protocol, string path)
    {
        if (protocol is < MinProtocol or > MaxProtocol)
        {
            throw ModelErrors.Refused(
                path,
                $"has a pickle of protocol {protocol}, only {MinProtocol} to {MaxProtocol} are read; save it again with torch.save"
            );
        }
    }

    private static void AppendTo(PickleStack stack, object?[] items, string path)
    {
        var list = stack.Peek() as List<object?> ?? throw ModelErrors.Damaged(path, $"its pickle appends to something that is no list");
        list.AddRange(items);
    }

    private static void PushDictionary(PickleStack stack, string path)
    {
        var items = stack.PopToMark();
        stack.Push(new PickledDictionary(isOrdered: false));
        AddTo(stack, items, path);
    }

    private static void AddTo(PickleStack stack, object?[] items, string path)
    {
        if (stack.Peek() is not PickledDictionary dictionary || items.Length % 2 != 0)
        {
            throw ModelErrors.Damaged(path, $"its pickle adds entries to something that is no dictionary");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary.Add(items[i], items[i + 1], path);
        }
    }

    private static void PushStackGlobal(PickleStack stack, string path)
    {
        var names = stack.Pop(2);
        stack.Push(
            names is [string module, string name]
                ? PickleGlobal.Resolve(module, name, path)
                : throw ModelErrors.Damaged(path, $"its pickle names a class by something that is no text")
        );
    }

    private static void Reduce(PickleStack stack, string path)
    {
        var arguments = stack.Pop();
        stack.Push(PickleBuilder.Call(stack.Pop(), arguments, path));
    }

    private static LipSyncException Unexpected(byte instruction, string path) =>
        PickleErrors.Refused(path, $"uses the pickle instruction 0x{instruction:x2}, which plain weights never do");
}
