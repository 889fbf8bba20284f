using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LatentSync.Server.Api.Dialects;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Api;

/// <summary>Errors as RFC 9457 problem details: a <c>kind</c> for programs, one sentence for people.</summary>
internal sealed partial class Problems(MediaStore media, IDatabaseBackend backend, ILogger<Problems> logger) : IExceptionHandler
{
    private const int SqliteFull = 13;
    private const int SqliteReadOnly = 8;
    private const int SqliteIo = 10;
    private const int SqliteCannotOpen = 14;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var problem = Of(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFault(exception);
        }

        if (problem.RetryAfter is { } pause)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }

        await WriteAsync(httpContext, problem.Status, problem.Kind, problem.Message, problem.Field);
        return true;
    }

    /// <summary>Answers with a problem, or with an error of the dialect that the request speaks.</summary>
    public static Task WriteAsync(HttpContext context, int status, string kind, string message, string? field = null)
    {
        if (DialectList.Of(context.Request) is { } dialect)
        {
            return dialect.WriteAsync(context, new DialectError(status, kind, message, field));
        }

        context.Response.StatusCode = status;
        var problem = Results.Problem(
            detail: message,
            statusCode: status,
            type: "about:blank",
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["kind"] = kind }
        );
        return problem.ExecuteAsync(context);
    }

    /// <summary>Answers without a body, such as those of authentication, get one.</summary>
    public static void UseBodies(IApplicationBuilder app) =>
        app.UseStatusCodePages(async pages =>
        {
            var context = pages.HttpContext;
            var (kind, message) = context.Response.StatusCode switch
            {
                StatusCodes.Status401Unauthorized => (
                    "unauthorized",
                    "A key is needed: send Authorization: Bearer lsk_..., which \"latentsync keys add NAME\" makes."
                ),
                StatusCodes.Status403Forbidden => ("forbidden", "The key has not the scope for this; use another, or have one made with it."),
                StatusCodes.Status404NotFound => ("not_found", "There is nothing at this address; /docs describes what there is."),
                StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", "This address does not take this method; /docs describes what it takes."),
                StatusCodes.Status415UnsupportedMediaType => ("invalid_request", "The body is to be JSON: send Content-Type: application/json."),
                var status => ("error", Invariant($"The request failed with status {status}.")),
            };
            await WriteAsync(context, context.Response.StatusCode, kind, message);
        });

    private RequestException Of(Exception exception) =>
        exception switch
        {
            RequestException request => request,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
                413,
                "too_large",
                "The body is too long; long files go to /v1/uploads."
            ),
            BadHttpRequestException bad => new(bad.StatusCode, "invalid_request", "The request is not valid: " + Reason(bad)),
            LipSyncException error => new(422, Kind(error.Code), error.Message),
            StoreException => Unavailable("The storage of files"),
            DbException or RetryLimitExceededException when backend.FaultOf(exception) == DatabaseFault.Unreachable => Unavailable("The database"),
            _ when IsDiskFault(exception) => JobService.NoRoom(),
            _ => new(500, "internal", "The server has a fault; its log describes it."),
        };

    private static RequestException Unavailable(string what) =>
        new(503, "unavailable", $"{what} does not answer at the moment; try again a little later.") { RetryAfter = QueueLimits.Pause };

    /// <summary>The disk is full or read-only, which is nobody's fault here.</summary>
    private bool IsDiskFault(Exception exception)
    {
        var cause = exception is DbUpdateException { InnerException: { } inner } ? inner : exception;
        return cause is SqliteException { SqliteErrorCode: SqliteFull or SqliteReadOnly or SqliteIo or SqliteCannotOpen }
            || (cause is IOException or UnauthorizedAccessException && !media.CanWrite());
    }

    private static string Kind(LipSyncErrorCode code) => Names.Of(code);

    /// <summary>What is wrong with the JSON, without the names of types.</summary>
    [SuppressMessage("Globalization", "CA1307", Justification = "One character.")]
    private static string Reason(BadHttpRequestException bad)
    {
        var reason = bad.InnerException is System.Text.Json.JsonException json ? json.Message : bad.Message;
        var end = reason.IndexOf(" Path:", StringComparison.Ordinal);
        return reason.Contains("could not be mapped", StringComparison.Ordinal) || reason.Contains("required properties", StringComparison.Ordinal)
                ? reason.Replace("LatentSync.Server.Api.Views.", string.Empty, StringComparison.Ordinal)
            : end > 0 ? reason[..end]
            : reason;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
    private partial void LogFault(Exception error);
}
