using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>What a client of Replicate asks for, checked as far as it can be without the files.</summary>
internal sealed partial record PredictionRequest
{
    private const double LeastGuidance = 1;
    private const double MostGuidance = 3;
    private const int MostSteps = 999;

    private static readonly string[] Events = ["start", "output", "logs", "completed"];

    /// <summary>Such as <c>bytedance/latentsync</c>.</summary>
    public required string Model { get; init; }

    /// <summary>As the client named it; <c>hidden</c> where it named none.</summary>
    public required string Version { get; init; }

    public required string Video { get; init; }

    public required string Audio { get; init; }

    /// <summary>Options of a job.</summary>
    public required JsonObject Options { get; init; }

    public string? Webhook { get; init; }

    /// <summary>What webhooks tell of; null for everything.</summary>
    public JsonArray? EventsFilter { get; init; }

    /// <summary>Reads a request.</summary>
    /// <param name="body">Its members.</param>
    /// <param name="model">Owner and name, if they are in the path.</param>
    /// <exception cref="RequestException">Something in it cannot be honoured.</exception>
    public static PredictionRequest Read(JsonObject body, string? model)
    {
        var fields = new RequestFields(body);
        var version = model is null ? fields.RequiredText("version") : null;
        var (named, option) = ModelOf(fields, model, version);
        var input = fields.Object("input") ?? throw fields.Missing("input");
        var (video, audio, options) = (input.RequiredText("video"), input.RequiredText("audio"), OptionsOf(input));
        input.End();
        if (option is not null)
        {
            options["model"] = option;
        }

        var filter = fields.List("webhook_events_filter");
        if (
            filter?.All(name => name?.GetValueKind() == System.Text.Json.JsonValueKind.String && Events.Contains((string)name!, StringComparer.Ordinal))
            == false
        )
        {
            throw fields.Invalid("webhook_events_filter", $"is to be a list out of {string.Join(", ", Events)}");
        }

        var webhook = fields.Text("webhook");
        if (fields.Flag("stream") == true)
        {
            throw fields.Invalid("stream", "cannot be honoured here: the output is one file; leave it out");
        }

        fields.End();
        return new PredictionRequest
        {
            Model = named,
            Version = version ?? "hidden",
            Video = video,
            Audio = audio,
            Options = options,
            Webhook = webhook,
            EventsFilter = filter,
        };
    }

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digest { get; }

    [GeneratedRegex("^(?<owner>[A-Za-z0-9_.-]+)/(?<name>[A-Za-z0-9_.-]+)(?::(?<version>.+))?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference { get; }

    /// <summary>The model by the names of Replicate, and the option of a job that it stands for; null for this server's own.</summary>
    private static (string Name, string? Option) ModelOf(RequestFields fields, string? model, string? version)
    {
        const string Usual = "bytedance/latentsync";
        const string Here = "latentsync";
        if (version is not null && Digest.IsMatch(version))
        {
            return (Usual, null);
        }

        if (Reference.Match(model ?? version!) is not { Success: true } match)
        {
            return version is null ? throw NoModel(model!) : (Usual, ModelNames.OptionOf(version, "version"));
        }

        var (owner, name, tag) = (match.Groups["owner"].Value, match.Groups["name"].Value, match.Groups["version"].Value);
        if (owner == Here)
        {
            return tag.Length == 0
                ? ($"{owner}/{name}", ModelNames.OptionOf(name, "version"))
                : throw fields.Invalid("version", "has no versions here; name the model only");
        }

        return name == Here && (tag.Length == 0 || Digest.IsMatch(tag)) ? ($"{owner}/{name}", null) : throw NoModel(match.Value);
    }

    private static RequestException NoModel(string name) =>
        new(404, "not_found", $"There is no model \"{name}\" here; there is OWNER/latentsync, and latentsync/NAME for those of latentsync models list.");

    private static JsonObject OptionsOf(RequestFields input)
    {
        var options = new JsonObject();
        if (input.Number("guidance_scale") is { } guidance)
        {
            options["lips_expression"] = guidance.GetValue<double>() is >= LeastGuidance and <= MostGuidance
                ? guidance.DeepClone()
                : throw input.Invalid("guidance_scale", Invariant($"is to be a number from {LeastGuidance} to {MostGuidance}"));
        }

        if (input.Number("inference_steps") is { } steps)
        {
            options["inference_steps"] = Whole(steps) is >= 1 and <= MostSteps
                ? steps.DeepClone()
                : throw input.Invalid("inference_steps", Invariant($"is to be a whole number from 1 to {MostSteps}"));
        }

        var seed = input.Number("seed") is { } given
            ? Whole(given) ?? throw input.Invalid("seed", "is to be a whole number from 0 to 18446744073709551615; 0 draws one")
            : 0;

        // As there: the seed of 0 is one that is drawn.
        options["seed"] = seed == 0 ? RandomNumberGenerator.GetInt32(1, int.MaxValue) : seed;
        return options;
    }

    private static ulong? Whole(JsonNode number) =>
        ulong.TryParse(number.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;
}
