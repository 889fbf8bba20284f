using LatentSync.Server.Api.Views;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Models;
using LatentSync.Server.Reports;
using LatentSync.Server.Security;
using LatentSync.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Api;

/// <summary>What operators and their tools ask: health, workers, models.</summary>
internal static class ServiceEndpoints
{
    /// <summary>What a process answers that only works.</summary>
    public static void MapHealth(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok")).WithTags("Service").WithSummary("Whether the process answers.").AllowAnonymous();
        routes.MapGet("/readyz", ReadyAsync).WithTags("Service").WithSummary("Whether jobs are accepted.").AllowAnonymous();
    }

    /// <summary>What others answer too.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/workers", WorkersAsync)
            .WithTags("Service")
            .WithSummary("The workers, what they run on and what they do; with history=true the memory of the last ten minutes.")
            .RequireAuthorization(Scopes.Admin);
        MapDrain(routes, "drain", isDraining: true, "From now on the worker takes no more work; what it has in hand it finishes.");
        MapDrain(routes, "resume", isDraining: false, "The worker takes work again.");
        routes
            .MapGet("/v1/errors", async (FailureReport report, CancellationToken stop) => new { errors = await report.ReadAsync(stop) })
            .WithTags("Service")
            .WithSummary("What jobs failed with in the last 24 hours and 7 days, by kind.")
            .RequireAuthorization(Scopes.Admin);
        routes
            .MapGet("/v1/storage", (StorageReport report, CancellationToken stop) => report.ReadAsync(stop))
            .WithTags("Service")
            .WithSummary("Bytes of inputs, results and work files, and what is free.")
            .RequireAuthorization(Scopes.Admin);
        routes.MapGet("/v1/models", Models).WithTags("Service").WithSummary("The models that a job may name.").RequireAuthorization(Scopes.Read);
    }

    private static async Task<object> WorkersAsync(WorkerPool pool, WorkerRoll roll, CancellationToken cancellationToken, bool history = false) =>
        new { workers = await roll.ListAsync(history ? pool.Look() : pool.Workers, cancellationToken) };

    /// <summary>By a worker's name, which is that of its process and a number, or by that of a process for all of its workers.</summary>
    private static void MapDrain(IEndpointRouteBuilder routes, string verb, bool isDraining, string summary)
    {
        routes.MapPost($"/v1/workers/{{process}}/{{number:int}}/{verb}", SetAsync).WithTags("Service").WithSummary(summary).RequireAuthorization(Scopes.Admin);
        routes
            .MapPost($"/v1/workers/{{process}}/{verb}", (string process, HttpContext context, WorkerPool pool, WorkerRoll roll, AuditLog audit) =>
                SetAsync(process, null, context, pool, roll, audit)
            )
            .WithTags("Service")
            .WithSummary(summary + " All workers of a process.")
            .RequireAuthorization(Scopes.Admin);

        async Task<object> SetAsync(string process, int? number, HttpContext context, WorkerPool pool, WorkerRoll roll, AuditLog audit)
        {
            var name = number is { } one ? Invariant($"{process}/{one}") : process;
            var named = await roll.DrainAsync(await roll.ListAsync(pool.Workers, context.RequestAborted), name, isDraining);
            if (named.Count == 0)
            {
                throw RequestException.NotFound("worker", name);
            }

            await audit.WriteAsync(context, "worker." + verb, name);
            return new { workers = named };
        }
    }

    private static async Task<IResult> ReadyAsync(IDbContextFactory<ServerDatabase> databases, MediaStore media, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var isReady = await database.Database.CanConnectAsync(cancellationToken) && media.CanWrite();
        return Results.Text(isReady ? "ok" : "the database or the disk cannot be written", statusCode: isReady ? 200 : 503);
    }

    private static object Models(ModelLibrary library, ModelTasks tasks) =>
        new { models = library.List().Select(model => ModelView.Of(model, tasks)).ToList() };
}
