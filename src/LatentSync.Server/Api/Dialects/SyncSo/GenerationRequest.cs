using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>What a client of sync.so asks for, checked as far as it can be without the files.</summary>
internal sealed record GenerationRequest
{
    private const int LongestFileName = 255;

    private const string NoSegments = "the whole video gets one sound; send one request for each part";

    public required string Model { get; init; }

    /// <summary>Options of a job.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>Video and audio, each with where it was named; those that came as files are missing.</summary>
    public required IReadOnlyDictionary<string, (string Text, string Field)> Inputs { get; init; }

    public string? Webhook { get; init; }

    /// <summary>What the result is called, without extension.</summary>
    public string? OutputFileName { get; init; }

    /// <summary>Reads a request.</summary>
    /// <param name="body">Its members; in a form those that are no files.</param>
    /// <exception cref="RequestException">Something in it cannot be honoured.</exception>
    public static GenerationRequest Read(JsonObject body)
    {
        var fields = new RequestFields(body);
        var model = fields.RequiredText("model");
        if (model.StartsWith("react-", StringComparison.Ordinal))
        {
            throw fields.Invalid("model", "cannot be honoured here: there is no model that changes expressions; name a lipsync model");
        }

        var options = OptionsOf(fields.Object("options"));
        if (ModelNames.OptionOf(model, "model", "lipsync-", "sync-") is { } name)
        {
            options["model"] = name;
        }

        var inputs = InputsOf(fields);
        fields.Refuse(NoSegments, "segments");
        var request = new GenerationRequest
        {
            Model = model,
            Options = options,
            Inputs = inputs,
            Webhook = fields.Text("webhookUrl"),
            OutputFileName = fields.Text("outputFileName"),
        };
        if (
            request.OutputFileName is { } file
            && (file.Length is 0 or > LongestFileName || !file.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        )
        {
            throw fields.Invalid("outputFileName", "is to have 1 to 255 letters, digits, underscores and dashes");
        }

        fields.End();
        return request;
    }

    private static Dictionary<string, (string Text, string Field)> InputsOf(RequestFields fields)
    {
        var inputs = new Dictionary<string, (string Text, string Field)>(StringComparer.Ordinal);
        foreach (var item in fields.Objects("input"))
        {
            var type = item.RequiredText("type");
            if (type is not ("video" or "image" or "audio"))
            {
                throw item.Invalid(
                    "type",
                    type == "text" ? "cannot be honoured here: no speech is made of text; send the sound" : "is to be video, image or audio"
                );
            }

            var kind = type == "audio" ? "audio" : "video";
            var (url, asset) = (item.Text("url"), item.Text("assetId"));
            item.Refuse(NoSegments, "refId", "segments_secs", "segments_frames");
            item.Refuse("no speech is made of text; send the sound", "provider");
            item.End();
            if ((url is null) == (asset is null))
            {
                throw item.Invalid("url", "or \"assetId\" is needed, and not both");
            }

            if (asset?.Contains(':', StringComparison.Ordinal) == true)
            {
                throw item.Invalid("assetId", "is no id of an asset");
            }

            if (!inputs.TryAdd(kind, url is null ? (asset!, "input.assetId") : (url, "input.url")))
            {
                throw fields.Invalid("input", $"has more than one {kind}, and a job takes one");
            }
        }

        return inputs;
    }

    private static JsonObject OptionsOf(RequestFields? fields)
    {
        var options = new JsonObject();
        if (fields is null)
        {
            return options;
        }

        var (length, loop) = fields.Text("sync_mode") switch
        {
            null or "bounce" => ("audio", "pingpong"),
            "loop" => ("audio", "loop"),
            "cut_off" => ("audio", "trim"),
            "silence" => ("video", null),
            "remap" => throw fields.Invalid(
                "sync_mode",
                "remap cannot be honoured here: no video is played faster or slower; choose bounce, loop, cut_off or silence"
            ),
            _ => throw fields.Invalid("sync_mode", "is to be bounce, loop, cut_off or silence"),
        };
        options["length"] = length;
        if (loop is not null)
        {
            options["loop"] = loop;
        }

        if (fields.Object("active_speaker_detection") is { } speaker && Face(speaker) is { } face)
        {
            options["face"] = face;
        }

        if (fields.Flag("occlusion_detection_enabled") == true)
        {
            throw fields.Invalid("occlusion_detection_enabled", "cannot be honoured here: what is before a face is not found; leave it out");
        }

        fields.Refuse("leave it out; lips_expression of the native interface is the nearest to it", "temperature");
        fields.Refuse("it belongs to models that change expressions", "model_mode", "prompt");
        fields.End();
        return options;
    }

    /// <summary>Whose mouth is painted; null for the default.</summary>
    private static string? Face(RequestFields speaker)
    {
        if (speaker.Flag("auto_detect") == true)
        {
            throw speaker.Invalid("auto_detect", "cannot be honoured here: who speaks is not found by itself; give frame_number and coordinates");
        }

        speaker.Refuse("give frame_number and coordinates", "bounding_boxes");
        var (frame, coordinates) = (speaker.Number("frame_number"), speaker.List("coordinates"));
        speaker.End();
        if (coordinates is null)
        {
            return frame is null ? null : throw speaker.Missing("coordinates");
        }

        return coordinates.Count == 2 && coordinates.All(number => number?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
            ? $"point:{coordinates[0]!.ToJsonString()},{coordinates[1]!.ToJsonString()}" + (frame is null ? string.Empty : "@" + frame.ToJsonString())
            : throw speaker.Invalid("coordinates", "is to be two numbers");
    }
}
