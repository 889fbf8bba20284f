using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>Errors for people on standard error, for programs as a JSON event.</summary>
internal static class ErrorReport
{
    /// <summary>Writes the error and gives its exit code.</summary>
    public static int Write(LipSyncException error, bool json)
    {
        if (json)
        {
            JsonLines.Write(
                new JsonObject
                {
                    ["event"] = "error",
                    ["code"] = (int)error.Code,
                    ["kind"] = error.Code.ToString(),
                    ["message"] = CommandWords.Say(error),
                    ["path"] = error.Path,
                    ["detail"] = error.Detail,
                }
            );
        }
        else
        {
            Console.Error.WriteLine(CommandWords.Say(error));
            if (!string.IsNullOrWhiteSpace(error.Detail))
            {
                Console.Error.WriteLine(error.Detail);
            }
        }

        return (int)error.Code;
    }

    /// <summary>The user stopped the program.</summary>
    /// <param name="json">For a program.</param>
    /// <param name="sentence">What is left.</param>
    public static void Cancelled(bool json, FormattableString sentence)
    {
        if (json)
        {
            JsonLines.Write(new JsonObject { ["event"] = "cancelled", ["message"] = CommandWords.Say(sentence) });
        }
        else
        {
            Console.Error.WriteLine(CommandWords.Say(sentence));
        }
    }
}
