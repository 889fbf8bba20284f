using LatentSync.FrontEnd.Options;
using Microsoft.VisualBasic.FileIO;

namespace LatentSync.Cli.Batch;

/// <summary>
/// Jobs as a table: the first row names the options, each other row is a job, an empty cell is not given. A row whose
/// <c>out</c> is an asterisk holds the values of empty cells for all rows. Cells are divided by commas, semicolons or tabs,
/// whichever the first row has, unless a line <c>sep=;</c> before it says so.
/// </summary>
internal static class CsvJobs
{
    private const string OutputName = "out";
    private const string DefaultsMark = "*";

    /// <summary>Reads a table.</summary>
    /// <exception cref="MalformedLineException">A quote is not closed.</exception>
    /// <exception cref="BatchFileException">The rows do not go with the first one.</exception>
    public static BatchFile Read(string text)
    {
        using var reader = new StringReader(text);
        using var parser = new TextFieldParser(reader) { TextFieldType = FieldType.Delimited, HasFieldsEnclosedInQuotes = true };
        parser.SetDelimiters(SaidDelimiter(text) ?? Delimiter(text));
        var headerLine = 1;
        if (SaidDelimiter(text) is not null)
        {
            parser.ReadLine();
            headerLine++;
        }

        var names = Names(parser.ReadFields() ?? [], headerLine);
        var (defaults, jobs) = (BatchEntry.Empty, new List<BatchEntry>());
        while (!parser.EndOfData)
        {
            var cells = parser.ReadFields() ?? [];
            var line = FirstLine(parser, cells, text);
            if (cells.Length > names.Count && cells.Skip(names.Count).Any(cell => cell.Length > 0))
            {
                throw new BatchFileException($"it has {cells.Length} cells, and the first row {names.Count}", line);
            }

            var values = names.Zip(cells).Where(pair => pair.Second.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            if (values.GetValueOrDefault(OutputName) == DefaultsMark)
            {
                values.Remove(OutputName);
                defaults = defaults == BatchEntry.Empty ? new BatchEntry(line, values) : throw new BatchFileException($"a second row of defaults", line);
            }
            else if (values.Count > 0)
            {
                jobs.Add(new BatchEntry(line, values));
            }
        }

        return new BatchFile(defaults, jobs);
    }

    private static List<string> Names(string[] header, int line)
    {
        var names = header.Select(NamedOptions.Name).ToList();
        return names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new BatchFileException($"\"{twice.Key}\" comes twice", line)
            : names;
    }

    /// <summary>The parser skips empty lines and only tells which line it is at now, or that it is at the end.</summary>
    private static int FirstLine(TextFieldParser parser, string[] cells, string text)
    {
        var next = parser.LineNumber >= 0 ? (int)parser.LineNumber : text.TrimEnd().AsSpan().Count('\n') + 2;
        return next - 1 - cells.Sum(cell => cell.AsSpan().Count('\n'));
    }

    /// <summary>Excel reads, and some programs write, <c>sep=;</c> as a first line; null where there is none.</summary>
    private static string? SaidDelimiter(string text)
    {
        const string name = "sep=";
        var line = Header(text).Trim('"');
        return
            line.Length > name.Length
            && line.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && line[name.Length..].IndexOfAnyExcept(line[name.Length]) < 0
            ? line[name.Length].ToString()
            : null;
    }

    private static ReadOnlySpan<char> Header(ReadOnlySpan<char> text) => text[..(text.IndexOfAny('\r', '\n') is var end and >= 0 ? end : text.Length)];

    private static string Delimiter(string text)
    {
        var header = Header(text.AsSpan().TrimStart());
        return header.Contains(',') ? ","
            : header.Contains(';') ? ";"
            : "\t";
    }
}
