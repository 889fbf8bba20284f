using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>What a user should know although nothing is wrong: a line on standard error, for programs a JSON event.</summary>
internal static class NoticeReport
{
    /// <summary>Writes the sentence.</summary>
    /// <param name="sentence">What to know.</param>
    /// <param name="json">For a program.</param>
    /// <param name="job">The job of a batch that it is about.</param>
    public static void Write(string sentence, bool json, int? job = null)
    {
        if (json)
        {
            JsonLines.Write(JsonLines.OfJob(new JsonObject { ["event"] = "notice", ["message"] = sentence }, job));
        }
        else
        {
            Terminal.WriteLine(sentence);
        }
    }
}
