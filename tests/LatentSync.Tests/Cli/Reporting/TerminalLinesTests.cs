using LatentSync.Cli.Reporting;

namespace LatentSync.Tests.Cli.Reporting;

/// <summary>What a person sees: on a screen that breaks lines, also those it shows already when it becomes narrower.</summary>
public class TerminalLinesTests
{
    private static readonly string[] Stages = ["Preparing", "Faces", "Diffusion"];

    [Theory]
    [InlineData(80)]
    [InlineData(20)]
    [InlineData(10)]
    [InlineData(3)]
    public void Lines_AreDrawnWhereTheyWere(int width)
    {
        var screen = new Screen(width);
        var lines = new TerminalLines(screen, () => screen.Width);
        screen.Write("before\n");
        var shown = new List<string>();
        foreach (var share in new[] { 0, 0.1, 0.5, 1 })
        {
            shown = [.. Stages.Select(name => ProgressLine.Format(name, 9, share, "0:05 left", lines.Room, isUnicode: true))];
            lines.Show(shown);
        }

        lines.End();
        Assert.Equal([.. Broken("before", width), .. shown], screen.Rows);
        Assert.All(shown, line => Assert.True(line.Length < width));
    }

    [Fact]
    public void ATerminalThatBecomesNarrower_KeepsNothingStale()
    {
        var screen = new Screen(80);
        var lines = new TerminalLines(screen, () => screen.Width);
        screen.Write("before\n");
        foreach (var width in new[] { 80, 50, 33, 20, 60 })
        {
            screen.Resize(width);
            lines.Show([new string('a', lines.Room), new string('b', lines.Room), "c"]);
        }

        lines.End();
        Assert.Equal(["before", new string('a', 59), new string('b', 59), "c"], screen.Rows);
    }

    [Fact]
    public void ALineAbove_Stays()
    {
        var screen = new Screen(40);
        var lines = new TerminalLines(screen, () => screen.Width);
        lines.Show(["one", "two"]);
        lines.WriteAbove("notice");
        lines.Show(["one!", "two!"]);
        lines.End();
        Assert.Equal(["notice", "one!", "two!"], screen.Rows);
    }

    [Theory]
    [InlineData(80, "Faces     ━━━━━━━━━━━━━━━━━━━━──────────────────── " + " 50% 0:05 left")]
    [InlineData(40, "Faces     ━━━━━━━──────── " + " 50% 0:05 left")]
    [InlineData(28, "Faces     ━──" + "  50% 0:05 left")]
    [InlineData(19, "Faces     ━━──  50%")]
    [InlineData(12, "Faces  50%")]
    [InlineData(4, "Face")]
    public void TheBar_FitsIntoTheRoom(int room, string expected)
    {
        var line = ProgressLine.Format("Faces", 9, 0.5, "0:05 left", room, isUnicode: true);
        Assert.True(line.Length <= room, line);
        Assert.Equal(expected, line);
    }

    private static IEnumerable<string> Broken(string text, int width) => text.Chunk(width).Select(part => new string(part));

    /// <summary>A terminal: knows line feeds, carriage returns, the cursor going up, and erasing to the end of the screen.</summary>
    private sealed class Screen(int width) : StringWriter
    {
        // A row, and whether the next one continues its line.
        private readonly List<(List<char> Row, bool GoesOn)> _rows = [([], false)];
        private int _x;
        private int _y;

        public int Width { get; private set; } = width;

        public IEnumerable<string> Rows => _rows.Select(row => new string([.. row.Row]).TrimEnd()).Reverse().SkipWhile(row => row.Length == 0).Reverse();

        public override void Write(char value) => Write(value.ToString());

        public override void WriteLine() => Write("\n");

        public override void Write(string? value)
        {
            for (var rest = value ?? string.Empty; rest.Length > 0; )
            {
                var match = System.Text.RegularExpressions.Regex.Match(
                    rest,
                    @"^\u001b\[(\d*)([AJ])",
                    System.Text.RegularExpressions.RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                );
                if (match.Success)
                {
                    Control(
                        match.Groups[2].Value,
                        match.Groups[1].Value.Length > 0 ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 1
                    );
                    rest = rest[match.Length..];
                    continue;
                }

                Put(rest[0]);
                rest = rest[1..];
            }
        }

        /// <summary>As most terminals do it: lines that were broken are joined, and broken anew.</summary>
        public void Resize(int width)
        {
            var (lines, line, cursor) = (new List<List<char>>(), new List<char>(), (Line: 0, Column: 0));
            foreach (var (index, (row, goesOn)) in _rows.Index())
            {
                if (index == _y)
                {
                    cursor = (lines.Count, line.Count + _x);
                }

                line.AddRange(row);
                if (!goesOn)
                {
                    lines.Add(line);
                    line = [];
                }
            }

            Width = width;
            _rows.Clear();
            foreach (var (index, whole) in lines.Index())
            {
                var start = _rows.Count;
                var parts =
                    whole.Count == 0
                        ?
                        [
                            [],
                        ]
                        : whole.Chunk(width).Select(part => part.ToList()).ToList();
                _rows.AddRange(parts.Select((part, i) => (part, i < parts.Count - 1)));
                if (index == cursor.Line)
                {
                    (_y, _x) = (start + Math.Min(cursor.Column / width, parts.Count - 1), cursor.Column % width);
                }
            }
        }

        private void Control(string letter, int count)
        {
            if (letter == "A")
            {
                _y = Math.Max(0, _y - count);
                return;
            }

            _rows.RemoveRange(_y + 1, _rows.Count - _y - 1);
            _rows[_y] = ([.. _rows[_y].Row.Take(_x)], false);
        }

        private void Put(char letter)
        {
            switch (letter)
            {
                case '\r':
                    _x = 0;
                    break;
                case '\n':
                    Down(goesOn: false);
                    break;
                default:
                    if (_x == Width)
                    {
                        Down(goesOn: true);
                    }

                    var row = _rows[_y].Row;
                    while (row.Count <= _x)
                    {
                        row.Add(' ');
                    }

                    row[_x++] = letter;
                    break;
            }
        }

        private void Down(bool goesOn)
        {
            _rows[_y] = (_rows[_y].Row, goesOn);
            (_x, _y) = (0, _y + 1);
            if (_y == _rows.Count)
            {
                _rows.Add(([], false));
            }
        }
    }
}
