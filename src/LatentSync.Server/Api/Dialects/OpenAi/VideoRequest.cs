using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.OpenAi;

/// <summary>What a client of OpenAI's videos asks for. A lip-sync needs a picture and a sound: <c>input_reference</c> and <c>audio</c>.</summary>
internal sealed record VideoRequest
{
    public const string Video = "input_reference";
    public const string Audio = "audio";
    public const string UsualModel = "sora-2";

    private const string FileId = "file_id";
    private const string OptionsStart = "options[";

    /// <summary>As the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>Options of a job.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>Inputs that are named by an id or an address, each with where.</summary>
    public required IReadOnlyDictionary<string, (string Text, string Field)> Inputs { get; init; }

    /// <summary>Reads a request.</summary>
    /// <param name="texts">The parts of the form that are no files.</param>
    /// <exception cref="RequestException">Something in it cannot be honoured.</exception>
    public static VideoRequest Read(IReadOnlyList<KeyValuePair<string, string>> texts)
    {
        string? model = null;
        var options = new JsonObject();
        var inputs = new Dictionary<string, (string Text, string Field)>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            if (!seen.Add(name))
            {
                throw Invalid(name, "is in the form twice");
            }

            switch (name)
            {
                case "model":
                    model = text;
                    break;
                case "prompt" when text.Length == 0:
                    break;
                case "prompt":
                    throw Invalid(name, "cannot be honoured here: the lips follow the sound, and nothing follows a text; send an empty one");
                case "seconds":
                    throw Invalid(name, "cannot be honoured here: the video lasts as long as its sound; leave it out");
                case "size":
                    throw Invalid(name, "cannot be honoured here: the video keeps the size of the one that comes in; leave it out");
                case Video or Audio:
                    throw Invalid(name, $"is to be a file, or an object with {FileId} or an address");
                case $"{Video}[{FileId}]" or $"{Video}[image_url]" or $"{Video}[video_url]":
                    Add(Video, text, name);
                    break;
                case $"{Audio}[{FileId}]" or $"{Audio}[audio_url]":
                    Add(Audio, text, name);
                    break;
                case var _ when name.StartsWith(OptionsStart, StringComparison.Ordinal) && name.EndsWith(']'):
                    options[name[OptionsStart.Length..^1]] = Value(text);
                    break;
                default:
                    throw Invalid(name, $"is not known; there are model, prompt, {Video}, {Audio}, options");
            }
        }

        if (ModelNames.OptionOf(model, "model", "sora-") is { } named)
        {
            options["model"] = named;
        }

        return new VideoRequest
        {
            Model = model ?? UsualModel,
            Options = options,
            Inputs = inputs,
        };

        void Add(string input, string text, string name)
        {
            if (name.EndsWith($"[{FileId}]", StringComparison.Ordinal) && text.Contains(':', StringComparison.Ordinal))
            {
                throw Invalid(name, "is no id of an upload");
            }

            if (!inputs.TryAdd(input, (text, name)))
            {
                throw Invalid(name, "is one too many: name one file");
            }
        }
    }

    /// <summary>A form has texts only: what is written as a number, true or false is that.</summary>
    private static JsonNode Value(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonValue value && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                ? value
                : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static RequestException Invalid(string name, string clause) => new(422, "invalid_request", $"\"{name}\" {clause}.") { Field = name };
}
