using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>Files of Replicate, which are uploads.</summary>
internal static class FileEndpoints
{
    private const int LongestList = 100;

    private static readonly string[] FileNames = ["content"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup(ReplicateErrors.Path + "/files").ExcludeFromDescription();
        files.MapPost("", CreateAsync).RequireAuthorization(Scopes.Submit);
        files.MapGet("", ListAsync).RequireAuthorization(Scopes.Read);
        files.MapGet("/{id}", GetAsync).RequireAuthorization(Scopes.Read);
        files.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Scopes.Submit);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        UploadService uploads,
        DialectUploads found,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        var owner = context.Owner();
        var form = await RequestForm.ReadAsync(context, uploads, owner, FileNames, cancellationToken);
        try
        {
            var name = CheckedName(form);
            if (!form.Files.TryGetValue("content", out var file))
            {
                throw new RequestException(422, "invalid_request", "\"content\" is missing, and is to be a file with its name.") { Field = "content" };
            }

            if (name is not null)
            {
                await found.RenameAsync(file.UploadId, name, cancellationToken);
            }

            var (upload, _) = await uploads.FindAsync(owner, file.UploadId, cancellationToken);
            var view = View(upload, address.Of(context.Request));
            view["content_type"] = file.ContentType;
            view["checksums"] = new JsonObject { ["sha256"] = file.Sha256 };
            return DialectJson.Answer(view, StatusCodes.Status201Created);
        }
        catch
        {
            await form.DiscardAsync(uploads, owner);
            throw;
        }
    }

    /// <summary>The name among the texts of the form; the others change nothing, or are refused.</summary>
    private static string? CheckedName(RequestForm form)
    {
        string? name = null;
        foreach (var (part, text) in form.Texts)
        {
            switch (part)
            {
                case "filename":
                    name = text;
                    break;
                case "type":
                    // Its first bytes say what a file is.
                    break;
                case "metadata" when IsEmpty(text):
                    break;
                case "metadata":
                    throw new RequestException(422, "invalid_request", "\"metadata\" cannot be honoured here: nothing is kept with a file; leave it out.")
                    {
                        Field = part,
                    };
                default:
                    throw new RequestException(422, "invalid_request", $"\"{part}\" is not known; there are content, filename, type, metadata.")
                    {
                        Field = part,
                    };
            }
        }

        return name;
    }

    private static bool IsEmpty(string metadata)
    {
        try
        {
            return JsonNode.Parse(metadata) is null or JsonObject { Count: 0 };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        string id,
        UploadService uploads,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        var (upload, _) = await uploads.FindAsync(context.Owner(), id, cancellationToken);
        return DialectJson.Answer(View(upload, address.Of(context.Request)));
    }

    private static async Task<IResult> ListAsync(
        HttpContext context,
        string? cursor,
        DialectUploads found,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        QueryFields.RequireOnly(context.Request, "cursor");
        var uploads = await found.ListAsync(context.Owner(), cursor, search: null, LongestList + 1, cancellationToken);
        var baseUrl = address.Of(context.Request);
        return DialectJson.Answer(
            new JsonObject
            {
                ["previous"] = null,
                ["next"] = uploads.Count > LongestList ? $"{baseUrl}{ReplicateErrors.Path}/files?cursor={uploads[LongestList - 1].Id}" : null,
                ["results"] = new JsonArray([.. uploads.Take(LongestList).Select(upload => View(upload, baseUrl))]),
            }
        );
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, UploadService uploads, CancellationToken cancellationToken)
    {
        await uploads.DeleteAsync(context.Owner(), id, cancellationToken);
        return Results.NoContent();
    }

    private static JsonObject View(Upload upload, string baseUrl) =>
        new()
        {
            ["id"] = upload.Id,
            ["name"] = upload.Name,
            ["content_type"] = UploadFacts.ContentType(upload),
            ["size"] = upload.Length,
            ["checksums"] = new JsonObject(),
            ["metadata"] = new JsonObject(),
            ["created_at"] = DialectJson.Time(upload.CreatedAt),
            ["expires_at"] = DialectJson.Time(upload.ExpiresAt),
            ["urls"] = new JsonObject { ["get"] = $"{baseUrl}{ReplicateErrors.Path}/files/{upload.Id}" },
        };
}
