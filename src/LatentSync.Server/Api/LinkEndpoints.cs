using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Api;

/// <summary>Results by signed links, which players and clients of other services fetch without a key.</summary>
internal static class LinkEndpoints
{
    private const string Path = "/v1/links";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(Path + "/{id}/{file}", SendAsync)
            .WithTags("Jobs")
            .WithSummary("A result by a signed link; takes ranges.")
            .Produces(StatusCodes.Status200OK, contentType: "video/mp4")
            .AllowAnonymous();

    /// <summary>The path that a signed link to a result has.</summary>
    /// <param name="job">The job.</param>
    /// <param name="name">What a downloaded file is called, without extension: letters, digits, dashes and underscores.</param>
    public static string PathOf(Job job, string? name) => $"{Path}/{job.Id}/{name ?? job.Id}{job.Container}";

    private static async Task<IResult> SendAsync(
        HttpContext context,
        string id,
        string file,
        LinkSigner signer,
        IDbContextFactory<ServerDatabase> databases,
        MediaFiles files,
        CancellationToken cancellationToken
    )
    {
        if (!signer.IsValid(context.Request))
        {
            throw new RequestException(403, "forbidden", "The link has expired or is not whole; ask for the job again to get a new one.");
        }

        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var job = await database.Jobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id, cancellationToken) ?? throw RequestException.NotFound("job", id);

        // Pages of others show it: that is what the link is for.
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        context.Response.Headers.CacheControl = "private";
        context.Response.Headers.ContentDisposition = $"inline; filename=\"{System.IO.Path.GetFileName(file)}\"";
        return JobEndpoints.Send(job, files);
    }
}
