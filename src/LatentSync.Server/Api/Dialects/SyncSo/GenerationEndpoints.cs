using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>Generations of sync.so v2.</summary>
internal static class GenerationEndpoints
{
    private const int LongestList = 200;

    private static readonly string[] FileNames = ["video", "audio"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup(SyncSoErrors.Path + "/v2").ExcludeFromDescription();
        v2.MapPost("/generate", CreateAsync).RequireAuthorization(Scopes.Submit);
        v2.MapGet("/generate/{id}", GetAsync).RequireAuthorization(Scopes.Read);
        v2.MapGet("/generations", ListAsync).RequireAuthorization(Scopes.Read);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        MediaInputs media,
        UploadService uploads,
        DialectJobs jobs,
        GenerationView view,
        PublicAddress address,
        IOptions<ServerSettings> settings,
        CancellationToken cancellationToken
    )
    {
        var owner = context.Owner();
        var form = RequestForm.IsForm(context.Request) ? await RequestForm.ReadAsync(context, uploads, owner, FileNames, cancellationToken) : null;
        var stored = new List<string>(form?.UploadIds ?? []);
        try
        {
            var (body, digest) = form is null ? await DialectJson.ReadAsync(context.Request, longest: null, cancellationToken) : (Members(form), form.Digest);
            var request = GenerationRequest.Read(body);
            var (video, videoShown) = await InputAsync("video");
            var (audio, audioShown) = await InputAsync("audio");
            var shown = new JsonObject
            {
                ["model"] = request.Model,
                ["input"] = new JsonArray(videoShown, audioShown),
                ["options"] = body["options"]?.DeepClone(),
                ["outputFileName"] = request.OutputFileName,
            };
            var baseUrl = address.Of(context.Request);
            var submission = new JobSubmission
            {
                Owner = owner,
                Dialect = SyncSoErrors.Name,
                Video = video,
                Audio = audio,
                Options = request.Options,
                Metadata = new DialectNote(baseUrl, shown).ToMetadata(),
                WebhookUrl = InputAddress.CheckedWebhook(request.Webhook, settings.Value),
                IdempotencyKey = IdempotencyKey.Read(context.Request),
                BodyDigest = IdempotencyKey.Digest(context.Request, digest),
            };
            var (job, isReplay) = await jobs.SubmitAsync(submission, stored, cancellationToken);
            IdempotencyKey.Tell(context.Response, isReplay);
            return DialectJson.Answer(view.Of(job, baseUrl), StatusCodes.Status201Created);

            async Task<(string Input, JsonObject Shown)> InputAsync(string kind)
            {
                if (form?.Files.GetValueOrDefault(kind) is { } file)
                {
                    return request.Inputs.ContainsKey(kind)
                        ? throw new RequestException(422, "invalid_request", $"The {kind} came as a file and in \"input\"; send one of them.") { Field = kind }
                        : (file.UploadId, new JsonObject { ["type"] = kind, ["assetId"] = file.UploadId });
                }

                if (!request.Inputs.TryGetValue(kind, out var named))
                {
                    throw new RequestException(422, "invalid_request", $"\"input\" has no {kind}, and a job needs one.") { Field = "input" };
                }

                var input = await media.ResolveAsync(context, named.Text, named.Field, stored, cancellationToken);
                var member = named.Field.Split('.')[^1];
                return (input, new JsonObject { ["type"] = kind, [member] = MediaInputs.Shown(named.Text, input) });
            }
        }
        catch
        {
            await jobs.DiscardAsync(owner, stored);
            throw;
        }
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        string id,
        DialectJobs jobs,
        GenerationView view,
        PublicAddress address,
        CancellationToken cancellationToken
    ) => DialectJson.Answer(view.Of(await jobs.FindAsync(context.Owner(), SyncSoErrors.Name, id, cancellationToken), address.Of(context.Request)));

    private static async Task<IResult> ListAsync(
        HttpContext context,
        string? status,
        string? ids,
        JobService service,
        GenerationView view,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        QueryFields.RequireOnly(context.Request, "status", "ids");
        var states = Texts(status, "status")
            ?.SelectMany(name =>
                GenerationView.States.TryGetValue(name, out var states)
                    ? states
                    : throw new RequestException(422, "invalid_request", $"\"{name}\" is no status; there are {string.Join(", ", GenerationView.States.Keys)}.")
                    {
                        Field = "status",
                    }
            )
            .ToList();
        var filter = new JobFilter(context.Owner(), SyncSoErrors.Name, LongestList) { States = states, Ids = Texts(ids, "ids") };
        var found = await service.ListAsync(filter, cancellationToken);
        var baseUrl = address.Of(context.Request);
        return DialectJson.Answer(new JsonArray([.. found.Select(job => view.Of(job, baseUrl))]));
    }

    /// <summary>A list in a query: a JSON list, as the client writes it, or texts divided by commas.</summary>
    private static List<string>? Texts(string? value, string field)
    {
        if (value is null)
        {
            return null;
        }

        try
        {
            return value.StartsWith('[')
                ? JsonSerializer.Deserialize<List<string>>(value)
                : [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
        catch (JsonException)
        {
            throw new RequestException(422, "invalid_request", $"\"{field}\" is to be a list of texts.") { Field = field };
        }
    }

    /// <summary>The members of a form as if they had come in JSON: <c>input</c> and <c>options</c> are JSON within it.</summary>
    private static JsonObject Members(RequestForm form)
    {
        var (body, inputs) = (new JsonObject(), new JsonArray());
        foreach (var (name, text) in form.Texts)
        {
            if (name == "input")
            {
                // One part for each, or one with all.
                var node = Parse(name, text);
                foreach (var item in node is JsonArray list ? list.Select(item => item?.DeepClone()).ToList() : [node])
                {
                    inputs.Add(item);
                }
            }
            else if (!body.TryAdd(name, name is "options" or "segments" ? Parse(name, text) : text))
            {
                throw new RequestException(422, "invalid_request", $"\"{name}\" is in the form twice.") { Field = name };
            }
        }

        if (inputs.Count > 0)
        {
            body["input"] = inputs;
        }

        return body;
    }

    private static JsonNode? Parse(string name, string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new RequestException(422, "invalid_request", $"\"{name}\" is no valid JSON.") { Field = name };
        }
    }
}
