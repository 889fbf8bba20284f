using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LatentSync.Server.Api;

/// <summary>What the OpenAPI document says beyond what the endpoints tell.</summary>
internal static class OpenApiText
{
    private const string Scheme = "key";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "LatentSyncSharp",
                    Version = "1",
                    Description =
                        "Lip-sync jobs over HTTP. Upload a video and a sound, submit a job, watch its events, fetch the result. "
                        + "Errors are problem details (RFC 9457) with a kind for programs. "
                        + "POST takes an Idempotency-Key: the same key and body give the same job.",
                };
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                {
                    [Scheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        Description = "A key of latentsync keys add; none is needed on the machine itself unless its settings say so.",
                    },
                };
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(
            (operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
                }

                return Task.CompletedTask;
            }
        );
    }
}
