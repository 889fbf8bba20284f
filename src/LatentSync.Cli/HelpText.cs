using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli;

/// <summary>
/// The help of a command, in two columns that stand below each other whatever the characters' width; in a narrow terminal the
/// explanations come below what they explain.
/// </summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    private const int Indent = 2;
    private const int Gap = 2;
    private const int NarrowTerminal = 60;
    private const int NarrowIndent = 6;
    private const int LargestShare = 3;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, Console.Out, Console.IsOutputRedirected ? int.MaxValue : Terminal.Width());
        return 0;
    }

    /// <summary>Writes it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Where to.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static void Write(Command command, TextWriter output, int width)
    {
        var options = command
            .Options.Concat(Parents(command).SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .Where(option => !option.Hidden);
        (FormattableString Title, List<(string Left, string Right)> Rows)[] tables =
        [
            ($"Arguments:", [.. command.Arguments.Select(argument => (Placeholder(argument.HelpName ?? argument.Name), Explain(argument)))]),
            ($"Options:", [.. options.Select(option => (Left(option), Explain(option)))]),
            ($"Commands:", [.. command.Subcommands.Select(child => (Left(child), Explain(child)))]),
        ];

        // In the terminal's last column, terminals differ in what they do.
        var room = width == int.MaxValue ? width : width - 1;
        output.WriteLine(CommandWords.Say($"Description:"));
        WriteRow(output, string.Empty, Explain(command), Indent, room);
        output.WriteLine();
        output.WriteLine(CommandWords.Say($"Usage:"));
        WriteRow(output, string.Empty, Usage(command), Indent, room);
        foreach (var (title, rows) in tables.Where(table => table.Rows.Count > 0))
        {
            var left = rows.Max(row => Columns.Of(row.Left));
            var column = Indent + Gap + Math.Min(left, Math.Max(0, (room / LargestShare) - Indent - Gap));
            output.WriteLine();
            output.WriteLine(CommandWords.Say(title));
            foreach (var row in rows)
            {
                WriteRow(output, row.Left, row.Right, room < NarrowTerminal ? NarrowIndent : column, room);
            }
        }

        output.WriteLine();
    }

    /// <summary>The texts that a command shows with its children's, in English, as they are keys of the translation.</summary>
    public static IEnumerable<string> Texts(Command command) =>
        [
            command.Description ?? string.Empty,
            .. command.Arguments.SelectMany(argument => (string[])[argument.Description ?? string.Empty, argument.HelpName ?? argument.Name]),
            .. command.Options.SelectMany(option => (string[])[option.Description ?? string.Empty, Value(option) ?? string.Empty]),
            .. command.Subcommands.SelectMany(Texts),
        ];

    private static void WriteRow(TextWriter output, string left, string right, int column, int room)
    {
        var start = new string(' ', Indent) + left;
        var isBeside = left.Length == 0 || Columns.Of(start) + Gap <= column;
        if (!isBeside)
        {
            foreach (var line in Columns.Wrap(left, Math.Max(1, room - Indent)))
            {
                output.WriteLine(new string(' ', Indent) + line);
            }
        }

        var first = isBeside ? start : string.Empty;
        foreach (var line in Columns.Wrap(right, Math.Max(1, room - column)))
        {
            output.WriteLine(Columns.Pad(first, column) + line);
            first = string.Empty;
        }
    }

    private static string Usage(Command command)
    {
        IEnumerable<string> path = [.. Parents(command).Reverse().Select(parent => parent.Name), command.Name];
        var arguments = command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $"[{Placeholder(argument.HelpName ?? argument.Name)}]" : Placeholder(argument.HelpName ?? argument.Name)
        );
        IEnumerable<string> children = command.Subcommands.Count > 0 ? [CommandWords.Say($"[command]")] : [];
        return string.Join(' ', [.. path, .. children, .. arguments, CommandWords.Say($"[options]")]);
    }

    private static string Left(Command command) =>
        string.Join(' ', [command.Name, .. command.Arguments.Select(argument => Placeholder(argument.HelpName ?? argument.Name))]);

    private static string Left(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        var value = Value(option) is { } word ? " " + Placeholder(word) : string.Empty;
        return names + value + (option.Required ? " " + CommandWords.Say($"(REQUIRED)") : string.Empty);
    }

    /// <summary>What stands for the value of an option; null if it takes none.</summary>
    private static string? Value(Option option) =>
        option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? null : option.HelpName ?? "value";

    private static string Placeholder(string word) => $"<{Sentences.Of(word)}>";

    private static string Explain(Symbol symbol)
    {
        var text = Sentences.Of(symbol.Description ?? string.Empty);
        return symbol is Option { HasDefaultValue: true } option && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value
            ? CommandWords.Say($"{text} [default: {Default(value)}]")
            : text;
    }

    private static string Default(object value) =>
        value is Enum ? value.ToString()!.ToLowerInvariant() : Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;

    private static IEnumerable<Command> Parents(Command command)
    {
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent = parent.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return parent;
        }
    }
}
