using System.Text;

namespace LatentSync.Media.Ffmpeg;

/// <summary>The last lines of a text stream in bounded memory: 20 lines of at most 400 characters. Safe for two threads.</summary>
internal sealed class OutputTail
{
    private const int MaximumLines = 20;
    private const int MaximumLineLength = 400;

    private readonly Queue<string> _lines = new(MaximumLines);
    private readonly StringBuilder _current = new(MaximumLineLength);
    private readonly Lock _lock = new();

    /// <summary>Adds text as it arrives; pieces need not end at line ends.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            foreach (var character in text)
            {
                if (character is '\n' or '\r')
                {
                    EndLine();
                }
                else if (_current.Length < MaximumLineLength)
                {
                    _current.Append(character);
                }
            }
        }
    }

    /// <summary>The lines so far, an unfinished one included.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _current.Length > 0 ? _lines.Append(_current.ToString()) : _lines);
        }
    }

    private void EndLine()
    {
        if (_current.Length == 0)
        {
            return;
        }

        if (_lines.Count == MaximumLines)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(_current.ToString());
        _current.Clear();
    }
}
