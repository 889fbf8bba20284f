using LatentSync.Server.Api.Views;
using LatentSync.Server.Data;
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

    private static async Task<IResult> ReadyAsync(IDbContextFactory<ServerDatabase> databases, MediaStore media, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var isReady = await database.Database.CanConnectAsync(cancellationToken) && media.CanWrite();
        return Results.Text(isReady ? "ok" : "the database or the disk cannot be written", statusCode: isReady ? 200 : 503);
    }

    private static object Models(ModelLibrary library, ModelTasks tasks) =>
        new { models = library.List().Select(model => ModelView.Of(model, tasks)).ToList() };
}
