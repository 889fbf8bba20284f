using LatentSync.Server.Api.Dialects.OpenAi;
using LatentSync.Server.Api.Dialects.Replicate;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Api.Dialects.SyncSo;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Server.Api.Dialects;

/// <summary>The dialects that this server speaks.</summary>
internal static class DialectList
{
    private static readonly Dialect[] All = [SyncSoErrors.Dialect, ReplicateErrors.Dialect, OpenAiErrors.Dialect];

    /// <summary>The dialect that a request speaks; null for the native interface.</summary>
    public static Dialect? Of(HttpRequest request) => Array.Find(All, dialect => request.Path.StartsWithSegments(dialect.Path, StringComparison.Ordinal));

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<PublicAddress>().AddSingleton<MediaInputs>().AddSingleton<ResultLinks>();
        services.AddSingleton<DialectJobs>().AddSingleton<DialectUploads>();
        services.AddSingleton<GenerationView>().AddSingleton<PredictionView>();
        services.AddSingleton<IMessageBodies, GenerationMessages>().AddSingleton<IMessageBodies, PredictionMessages>();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        GenerationEndpoints.Map(routes);
        AssetEndpoints.Map(routes);
        PredictionEndpoints.Map(routes);
        FileEndpoints.Map(routes);
        VideoEndpoints.Map(routes);
    }
}
