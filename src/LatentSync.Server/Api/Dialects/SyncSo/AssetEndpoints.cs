using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>Assets of sync.so v2, which are uploads: an address to put the bytes to, then the asset's id.</summary>
internal static class AssetEndpoints
{
    private const int DefaultPage = 20;
    private const int LongestPage = 100;
    private const int LongestName = 255;
    private const string UploadPath = SyncSoErrors.Path + "/v2/uploads/";
    private const string FilePath = SyncSoErrors.Path + "/v2/files/";
    private const string Newest = "dateDesc";

    private static readonly string[] Types = ["VIDEO", "AUDIO", "IMAGE"];

    /// <summary>How long the address that takes the bytes works.</summary>
    private static readonly TimeSpan UploadLifetime = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup(SyncSoErrors.Path + "/v2/assets").ExcludeFromDescription();
        assets.MapPost("/upload", BeginAsync).RequireAuthorization(Scopes.Submit);
        assets.MapPost("", RegisterAsync).RequireAuthorization(Scopes.Submit);
        assets.MapGet("", ListAsync).RequireAuthorization(Scopes.Read);
        assets.MapGet("/{id}", GetAsync).RequireAuthorization(Scopes.Read);
        routes.MapPut(UploadPath + "{id}", PutAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> BeginAsync(
        HttpContext context,
        UploadService uploads,
        LinkSigner signer,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        var (body, _) = await DialectJson.ReadAsync(context.Request, longest: null, cancellationToken);
        var fields = new RequestFields(body);
        var (name, type) = (fields.RequiredText("fileName"), fields.RequiredText("contentType"));
        var size =
            fields.Number("size") is { } number
            && long.TryParse(number.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && bytes > 0
                ? bytes
                : throw fields.Invalid("size", "is to be the number of bytes");
        fields.End();
        var upload = await uploads.CreateAsync(context.Owner(), name, size, cancellationToken);
        var baseUrl = address.Of(context.Request);
        return DialectJson.Answer(
            new JsonObject
            {
                ["uploadUrl"] = baseUrl + signer.Sign(UploadPath + upload.Id, UploadLifetime, type),
                ["url"] = FileUrl(upload, baseUrl),
                ["expiresIn"] = (int)UploadLifetime.TotalSeconds,
            },
            StatusCodes.Status201Created
        );
    }

    /// <summary>Takes the bytes. There is no key: the address is signed, with the type that was announced.</summary>
    private static async Task<IResult> PutAsync(
        HttpContext context,
        string id,
        LinkSigner signer,
        DialectUploads found,
        UploadService uploads,
        CancellationToken cancellationToken
    )
    {
        if (!signer.IsValid(context.Request, context.Request.ContentType ?? string.Empty))
        {
            throw new RequestException(
                403,
                "forbidden",
                "The address has expired or is not whole, or Content-Type is not the one that was announced; ask for a new address."
            );
        }

        var upload = await found.FindAnyAsync(id, cancellationToken);
        if (context.Request.ContentLength is { } length && length != upload.Length)
        {
            throw new RequestException(
                400,
                "invalid_request",
                Invariant($"{upload.Length} bytes were announced, and {length} are being sent; ask for a new address.")
            );
        }

        DialectJson.AllowLongBody(context, longest: null);
        await uploads.RestartAsync(upload, cancellationToken);
        var received = await uploads.AppendAsync(upload, 0, context.Request.Body, isWhole: false, cancellationToken);
        return received == upload.Length
            ? Results.Ok()
            : throw new RequestException(400, "invalid_request", Invariant($"{upload.Length} bytes were announced, and {received} came; send the file again."));
    }

    private static async Task<IResult> RegisterAsync(
        HttpContext context,
        MediaInputs media,
        UploadService uploads,
        DialectUploads found,
        PublicAddress address,
        IOptions<ServerSettings> settings,
        CancellationToken cancellationToken
    )
    {
        var (body, _) = await DialectJson.ReadAsync(context.Request, longest: null, cancellationToken);
        var fields = new RequestFields(body);
        var (url, type, name) = (fields.RequiredText("url"), fields.RequiredText("type"), fields.Text("name"));
        if (!Types.Contains(type, StringComparer.Ordinal))
        {
            throw fields.Invalid("type", "is to be VIDEO, AUDIO or IMAGE");
        }

        if (name is { Length: 0 or > LongestName })
        {
            throw fields.Invalid("name", "is to have 1 to 255 letters");
        }

        if (fields.Text("visibility") is not (null or "USER"))
        {
            throw fields.Invalid("visibility", "cannot be honoured here: assets belong to their key; leave it out");
        }

        fields.Refuse("there are no projects", "projectId");
        fields.End();
        var owner = context.Owner();
        Upload upload;
        if (media.OwnUpload(context.Request, url) is { } id)
        {
            (upload, var received) = await uploads.FindAsync(owner, id, cancellationToken);
            if (!upload.IsComplete)
            {
                throw fields.Invalid("url", Invariant($"is a file of which {received} of {upload.Length} bytes have come; put the rest first"));
            }

            if (name is not null)
            {
                await found.RenameAsync(id, name, cancellationToken);
                (upload, _) = await uploads.FindAsync(owner, id, cancellationToken);
            }
        }
        else
        {
            // A text without a colon would be the id of an upload, which needs no asset.
            upload = url.Contains(':', StringComparison.Ordinal)
                ? await found.AddAddressAsync(owner, InputAddress.Checked(url, settings.Value), name, cancellationToken)
                : throw fields.Invalid("url", "is no address");
        }

        return DialectJson.Answer(View(upload, type, address.Of(context.Request)), StatusCodes.Status201Created);
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
        return DialectJson.Answer(View(upload, TypeOf(upload), address.Of(context.Request)));
    }

    private static async Task<IResult> ListAsync(
        HttpContext context,
        string? limit,
        string? cursor,
        string? searchQuery,
        string? sortBy,
        DialectUploads found,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        QueryFields.RequireOnly(context.Request, "limit", "cursor", "searchQuery", "sortBy");
        if (sortBy?.Trim('"') is not (null or Newest))
        {
            throw new RequestException(422, "invalid_request", $"\"sortBy\" cannot be honoured here: assets come newest first ({Newest}).")
            {
                Field = "sortBy",
            };
        }

        var count = QueryFields.Count(limit, "limit", DefaultPage, LongestPage);
        var uploads = await found.ListAsync(context.Owner(), cursor, searchQuery, count + 1, cancellationToken);
        var baseUrl = address.Of(context.Request);
        var page = new JsonObject { ["items"] = new JsonArray([.. uploads.Take(count).Select(upload => View(upload, TypeOf(upload), baseUrl))]) };
        if (uploads.Count > count)
        {
            page["nextCursor"] = uploads[count - 1].Id;
        }

        return DialectJson.Answer(page);
    }

    private static JsonObject View(Upload upload, string type, string baseUrl)
    {
        var view = new JsonObject
        {
            ["id"] = upload.Id,
            ["createdAt"] = DialectJson.Time(upload.CreatedAt),
            ["updatedAt"] = DialectJson.Time(upload.CreatedAt),
            ["url"] = upload.Url ?? FileUrl(upload, baseUrl),
            ["type"] = type,
            ["inputType"] = upload.Url is null ? "UPLOAD" : "URL",
            ["visibility"] = "USER",
        };
        if (upload.Name is { } name)
        {
            view["name"] = name;
            if (Path.GetExtension(name) is { Length: > 1 } extension)
            {
                view["format"] = extension[1..];
            }
        }

        if (upload.Length is { } length)
        {
            view["size"] = length;
        }

        return view;
    }

    /// <summary>Names the file to this server; there is nothing to fetch.</summary>
    private static string FileUrl(Upload upload, string baseUrl) => $"{baseUrl}{FilePath}{upload.Id}/{Uri.EscapeDataString(upload.Name ?? upload.Id)}";

    private static string TypeOf(Upload upload) =>
        UploadFacts.ContentType(upload).Split('/')[0] switch
        {
            "audio" => "AUDIO",
            "image" => "IMAGE",
            _ => "VIDEO",
        };
}
