using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Page.Options;
using LatentSync.Server.Jobs;

namespace LatentSync.Page.Jobs;

/// <summary>How to do a job again without the page.</summary>
internal static class JobSnippets
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>With curl, for a POSIX shell.</summary>
    /// <param name="job">The job.</param>
    /// <param name="address">The server's address, without a slash at its end.</param>
    /// <param name="needsKey">Whether a key has to be sent.</param>
    public static string Curl(JobFacts job, string address, bool needsKey)
    {
        var body = new JsonObject
        {
            ["video"] = job.VideoId,
            ["audio"] = job.AudioId,
            ["options"] = JobDesk.Json(job.Options),
        };
        var key = needsKey ? " -H \"Authorization: Bearer $LATENTSYNC_KEY\"" : string.Empty;
        return $"curl {Quoted(address + "/v1/jobs")}{key} --json {Quoted(body.ToJsonString(Readable))}";
    }

    /// <summary>With the program itself.</summary>
    public static string CommandLine(JobFacts job)
    {
        var line = new StringBuilder("latentsync sync").Append(
            CultureInfo.InvariantCulture,
            $" --video {Quoted(job.VideoName)} --audio {Quoted(job.AudioName)} --out result.mp4"
        );
        foreach (var (name, value) in job.Options)
        {
            var flag = name == "model" ? "--models" : OptionList.Find(name).Flag;
            line.Append(' ').Append(flag);
            if (value != "true")
            {
                // There it is a file.
                line.Append(' ').Append(Quoted(FacePicture.IsNamed(value) ? FacePicture.Prefix + "picture.png" : value));
            }
        }

        return line.ToString();
    }

    /// <summary>A word of a shell: names of files are whatever people call them.</summary>
    private static string Quoted(string text) =>
        text.Length > 0
        && !text.StartsWith('-')
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:,@%+=".Contains(letter, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
