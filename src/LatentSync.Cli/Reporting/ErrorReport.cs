using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>Errors for people on standard error, for programs as a JSON event.</summary>
internal static class ErrorReport
{
    public static void Write(LipSyncException error, bool json)
    {
        if (json)
        {
            JsonLines.Write(new JsonObject
            {
                ["event"] = "error",
                ["code"] = (int)error.Code,
                ["kind"] = error.Code.ToString(),
                ["message"] = error.Message,
                ["path"] = error.Path,
                ["detail"] = error.Detail,
            });
            return;
        }

        Console.Error.WriteLine(error.Message);
        if (error.Detail is not null)
        {
            Console.Error.WriteLine(error.Detail);
        }
    }

    public static void Cancelled(bool json)
    {
        if (json)
        {
            JsonLines.Write(new JsonObject { ["event"] = "cancelled" });
        }
        else
        {
            Console.Error.WriteLine("Stopped; nothing was written.");
        }
    }
}
