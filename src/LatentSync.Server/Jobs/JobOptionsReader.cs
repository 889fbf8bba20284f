using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Server.Jobs;

/// <summary>
/// The options of a job: names, ranges, defaults and errors are those of the command line. Left out is what belongs to the
/// machine and not to the job: paths, devices, memory.
/// </summary>
internal static class JobOptionsReader
{
    private const int LongestValue = 200;

    // Parsing changes nothing in it.
    private static readonly NamedOptions Named = new(new JobCommand());

    private static readonly HashSet<string> Allowed = [.. Named.Command.OptionsOfAnyMachine.Select(NamedOptions.NameOf)];

    /// <summary>The names that a client may use, with underscores.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Allowed.Select(name => name.Replace('-', '_')).Order(StringComparer.Ordinal), "model"];

    /// <summary>Checks the options and gives them in their plain form.</summary>
    /// <exception cref="RequestException">422 with one line for each mistake.</exception>
    public static JsonObject Read(JsonObject options)
    {
        var plain = new JsonObject();
        var values = new List<KeyValuePair<string, string>> { new("video", "video"), new("audio", "audio"), new("out", "result.mp4") };
        foreach (var (given, node) in options)
        {
            var name = NamedOptions.Name(given);
            if (node is null)
            {
                continue;
            }

            if (node is not JsonValue value || Text(value) is not { Length: <= LongestValue } text)
            {
                throw Invalid($"The option {given} is a list, an object or too long; give it a single value.");
            }

            plain[name.Replace('-', '_')] = node.DeepClone();
            if (name == "model")
            {
                RequireModelName(text);
            }
            else if (!Allowed.Contains(name))
            {
                throw Invalid($"\"{given}\" is no option of a job; there are {string.Join(", ", Names)}.");
            }
            else if (name == "face" && FacePicture.IsNamed(text) && !FacePicture.IsUpload(text))
            {
                throw Invalid("The option face names a file; upload the picture, and give like: with the upload's id.");
            }
            else
            {
                values.Add(new(name, text));
            }
        }

        var parsed = Named.Parse(values);
        return parsed.Errors.Count == 0
            ? plain
            : throw Invalid(string.Join('\n', parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal)));
    }

    private static string? Text(JsonValue value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => null,
        };

    /// <summary>A name of the store, never a path.</summary>
    private static void RequireModelName(string name)
    {
        if (name.Length == 0 || name.StartsWith('.') || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            throw Invalid($"\"{name}\" is no name of a model; GET /v1/models lists them.");
        }
    }

    private static RequestException Invalid(string message) => new(422, "invalid_options", message);
}
