using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>What a user should know although nothing is wrong: a line on standard error, for programs a JSON event.</summary>
internal static class NoticeReport
{
    public static void Write(string sentence, bool json)
    {
        if (json)
        {
            JsonLines.Write(new JsonObject { ["event"] = "notice", ["message"] = sentence });
        }
        else
        {
            Console.Error.WriteLine(sentence);
        }
    }
}
