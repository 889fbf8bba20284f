using System.Text.Json.Nodes;
using LatentSync.Cli.Words;

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

    /// <summary>What nobody expected, with its stack trace for the report.</summary>
    public static LipSyncException Internal(Exception error) =>
        new(
            LipSyncErrorCode.Internal,
            $"latentsync failed because of a fault of its own ({error.GetType().Name}: {error.Message.TrimEnd('.')}); please report it with the lines below.",
            error
        )
        {
            Detail = error.ToString(),
        };

    /// <summary>The user stopped the program.</summary>
    /// <param name="json">For a program.</param>
    /// <param name="sentence">What is left.</param>
    public static void Cancelled(bool json, string sentence)
    {
        if (json)
        {
            JsonLines.Write(new JsonObject { ["event"] = "cancelled", ["message"] = sentence });
        }
        else
        {
            Console.Error.WriteLine(sentence);
        }
    }
}
