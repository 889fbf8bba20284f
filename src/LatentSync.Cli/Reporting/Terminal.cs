using System.Text;
using Spectre.Console;

namespace LatentSync.Cli.Reporting;

/// <summary>The terminal that standard error is, if it is one.</summary>
internal static class Terminal
{
    private const int UsualWidth = 80;

    private static TerminalLines? _lines;

    /// <summary>Whether lines can be drawn over: it is a terminal, and not a simple one (TERM=dumb).</summary>
    public static bool CanRedraw =>
        !Console.IsErrorRedirected && AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Profile.Capabilities.Ansi;

    /// <summary>Whether it can draw lines.</summary>
    public static bool IsUnicode => Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage;

    /// <summary>Runs something with lines at the bottom of the terminal.</summary>
    public static async Task<T> RunAsync<T>(Func<TerminalLines, Task<T>> run)
    {
        var lines = new TerminalLines(Console.Error, Width);
        _lines = lines;
        try
        {
            return await run(lines);
        }
        finally
        {
            _lines = null;
            lines.End();
        }
    }

    /// <summary>Writes a line to standard error, above the lines at the bottom.</summary>
    public static void WriteLine(string text)
    {
        if (_lines is { } lines)
        {
            lines.WriteAbove(text);
        }
        else
        {
            Console.Error.WriteLine(text);
        }
    }

    /// <summary>Its columns.</summary>
    public static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : UsualWidth;
        }
        catch (IOException)
        {
            // The terminal is gone; whatever is drawn goes nowhere.
            return UsualWidth;
        }
    }
}
