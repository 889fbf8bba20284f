using System.Runtime.InteropServices;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>The value stack, its marks and the memo of a pickle machine, all of bounded size.</summary>
internal sealed class PickleStack(string path)
{
    // A full-size checkpoint with its optimizer needs about 2,000 values, 6 marks and 40,000 memo slots.
    private const int MaxValues = 200_000;
    private const int MaxMarks = 64;
    private const int MaxMemo = 1 << 20;

    private static readonly object Unset = new();

    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    /// <summary>Puts a value on top.</summary>
    public void Push(object? value)
    {
        if (_values.Count == MaxValues)
        {
            throw TooBig($"values");
        }

        _values.Add(value);
    }

    /// <summary>Takes the top value off; values below the last mark are out of reach.</summary>
    public object? Pop()
    {
        var value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>The top value.</summary>
    public object? Peek() => _values.Count > Floor ? _values[^1] : throw ModelErrors.Damaged(path, $"its pickle takes a value that is not there");

    /// <summary>Marks the top.</summary>
    public void Mark()
    {
        if (_marks.Count == MaxMarks)
        {
            throw TooBig($"levels");
        }

        _marks.Add(_values.Count);
    }

    /// <summary>Takes off everything above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw ModelErrors.Damaged(path, $"its pickle takes a mark that is not there");
        }

        var items = CollectionsMarshal.AsSpan(_values)[Floor..].ToArray();
        _values.RemoveRange(Floor, items.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    /// <summary>Takes the top <paramref name="count"/> values off, deepest first.</summary>
    public object?[] Pop(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    /// <summary>Remembers the top value in the next free slot.</summary>
    public void Memoize() => Memoize((uint)_memo.Count);

    /// <summary>Remembers the top value in the given slot.</summary>
    public void Memoize(uint slot)
    {
        if (slot >= MaxMemo)
        {
            throw TooBig($"memo slots");
        }

        while (_memo.Count <= slot)
        {
            _memo.Add(Unset);
        }

        _memo[(int)slot] = Peek();
    }

    /// <summary>Puts a remembered value on top.</summary>
    public void Recall(uint slot)
    {
        if (slot >= _memo.Count || ReferenceEquals(_memo[(int)slot], Unset))
        {
            throw ModelErrors.Damaged(path, $"its pickle recalls a value that was never stored");
        }

        Push(_memo[(int)slot]);
    }

    private LipSyncException TooBig(FormattableString what) =>
        ModelErrors.Refused(path, $"has a pickle with more {what} than any checkpoint needs; get it from another source");
}
