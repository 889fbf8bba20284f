using System.Threading.RateLimiting;
using LatentSync.Server.Api;
using LatentSync.Server.Api.Dialects;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Sqlite;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Engines;
using LatentSync.Server.Events;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Models;
using LatentSync.Server.Reports;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Telemetry;
using LatentSync.Server.Uploads;
using LatentSync.Server.Webhooks;
using LatentSync.Server.Work;
using LatentSync.Server.Work.Calls;
using LatentSync.Server.Work.Scheduling;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Scalar.AspNetCore;

namespace LatentSync.Server;

/// <summary>Puts the server together; see docs/server.md.</summary>
internal static class ServerHost
{
    private const long LongestBody = 1 << 20;
    private const int BurstSeconds = 10;
    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Runs the server until it is told to stop.</summary>
    /// <param name="configuration">Settings, those of the command line first.</param>
    /// <param name="parts">What is served beside the interface for programs.</param>
    /// <param name="ready">Called with the addresses when it listens.</param>
    /// <param name="cancellationToken">Stops it gracefully.</param>
    /// <exception cref="LipSyncException">The settings do not work, the data folder is another server's, or the address is taken.</exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        IReadOnlyList<IServerPart> parts,
        Action<IReadOnlyCollection<string>> ready,
        CancellationToken cancellationToken
    )
    {
        await using var app = Build(configuration, parts);
        RequireSharedParts(app.Services.GetRequiredService<IOptions<ServerSettings>>().Value);
        using var folder = DataFolder.Open(app.Services.GetRequiredService<IOptions<ServerSettings>>().Value.Data);
        await DatabaseUpgrade.RunAsync(app.Services, cancellationToken);
        await RequireKeysAsync(app, cancellationToken);
        app.Services.GetRequiredService<JobGauges>().Start();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException error)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The server cannot listen: {error.Message} Choose another address with --listen.",
                error
            );
        }

        ready([.. app.Urls]);
        await using var stopping = cancellationToken.Register(() => app.Lifetime.StopApplication());
        await app.WaitForShutdownAsync(CancellationToken.None);
    }

    /// <summary>The application, not started.</summary>
    internal static WebApplication Build(IConfiguration configuration, IReadOnlyList<IServerPart> parts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ServerHost).Assembly.GetName().Name });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder
            .Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical)
            .AddFilter("LatentSync", LogLevel.Information);
        builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Listen);
        var services = builder.Services;
        services.AddOptions<ServerSettings>().Bind(configuration.GetSection(ServerSettings.Section)).ValidateDataAnnotations();
        AddCore(services, parts);
        var role = ServerConfiguration.RoleOf(configuration);
        AddWeb(services, role);
        AddTelemetry(services);
        foreach (var part in parts)
        {
            part.Add(services);
        }

        var app = builder.Build();
        Use(app, role);
        foreach (var part in role == ServerRole.Worker ? [] : parts)
        {
            part.Map(app);
        }

        return app;
    }

    /// <summary>The database and what works on it, without the web.</summary>
    internal static void AddCore(IServiceCollection services, IReadOnlyList<IServerPart> parts)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddSingleton<IDatabaseBackend, SqliteProvider>();
        services.AddDbContextFactory<ServerDatabase>((provider, options) => provider.GetRequiredService<IDatabaseBackend>().Use(options));
        services.AddSingleton<KeyService>();
        services.AddSingleton<MediaStore>().AddSingleton<MediaCache>().AddSingleton<MediaFiles>();
        services.AddSingleton<DatabaseWriter>();
        foreach (var part in parts)
        {
            part.AddCore(services);
        }
    }

    private static void AddWeb(IServiceCollection services, ServerRole role)
    {
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseWriter>());
        services.AddSingleton<JobFeeds>().AddSingleton<JobService>().AddSingleton<JobMessages>().AddSingleton<QueueLimits>();
        services.AddSingleton<WorkSignal>().AddSingleton<WebhookSignal>();
        services.AddSingleton<RunningWork>().AddSingleton<WorkQueue>().AddSingleton<WorkRunner>().AddSingleton<JobProgress>();
        services.AddSingleton<FileNames>().AddSingleton<InputFetcher>().AddSingleton<GuardedHttp>().AddSingleton<EngineCommand>();
        services.AddSingleton<UploadService>().AddSingleton<UploadParts>().AddSingleton<AuditLog>().AddSingleton<WebhookSecret>();
        services.AddSingleton<LinkSigner>();
        services.AddSingleton(_ => new ModelLibrary()).AddSingleton<ModelTasks>().AddHostedService(provider => provider.GetRequiredService<ModelTasks>());
        services.AddSingleton<FailureReport>().AddSingleton<StorageReport>().AddSingleton<OwnerReport>();
        DialectList.AddServices(services);
        services.AddSingleton<IWorkCaller, LocalCaller>().AddSingleton<NewsReader>().AddSingleton<WorkerRoll>().AddSingleton<WorkerPool>();
        if (role != ServerRole.Api)
        {
            services.AddHostedService(provider => provider.GetRequiredService<WorkerPool>());
        }

        services.AddSingleton<Stragglers>().AddSingleton<LostVersions>();
        if (role != ServerRole.Worker)
        {
            services.AddHostedService<WorkWatch>();
            services.AddHostedService<WebhookSender>().AddHostedService<Retention>().AddHostedService<FeedStop>();
        }

        services.Configure<HostOptions>(host =>
        {
            // The pool keeps the grace time itself.
            host.ShutdownTimeout = TimeSpan.FromMinutes(10);
            host.ServicesStopConcurrently = false;
        });
        services.AddRoutingCore();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<Problems>();
        services.AddOpenApi("v1", OpenApiText.Configure);
        services.AddAuthentication(KeyAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        services.AddAuthorization(options =>
        {
            foreach (var scope in Scopes.All)
            {
                options.AddPolicy(scope, policy => policy.RequireClaim(KeyAuthentication.ScopeClaim, scope));
            }
        });
        services.AddRateLimiter(_ => { });
        services.AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>().Configure<IOptions<ServerSettings>>(LimitRates);
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.AddSingleton<ServerMetrics>().AddSingleton<QueueReader>().AddSingleton<QueueWatch>().AddSingleton<JobGauges>();
        var telemetry = services
            .AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(ServerMetrics.Name).AddMeter("Microsoft.AspNetCore.Hosting").AddPrometheusExporter());
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OtlpVariable)))
        {
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter())
                .WithTracing(traces => traces.AddSource(ServerMetrics.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
        }
    }

    private static void Use(WebApplication app, ServerRole role)
    {
        SecurityHeaders.Use(app);
        app.UseExceptionHandler();
        Problems.UseBodies(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        ServiceEndpoints.MapHealth(app);
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Scopes.Admin);
        if (role == ServerRole.Worker)
        {
            return;
        }

        UploadEndpoints.Map(app);
        JobEndpoints.Map(app);
        LinkEndpoints.Map(app);
        ServiceEndpoints.Map(app);
        DialectList.Map(app);
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", scalar => scalar.WithTitle("LatentSyncSharp").DisableDefaultFonts().DisableAgent().DisableTelemetry());
    }

    private static void Listen(WebHostBuilderContext context, Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LongestBody;
        var settings = new ServerSettings();
        context.Configuration.GetSection(ServerSettings.Section).Bind(settings);
        foreach (var text in settings.Listen.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = ListenAddress.Parse(text);
            kestrel.Listen(address.EndPoint);
        }
    }

    private static void LimitRates(Microsoft.AspNetCore.RateLimiting.RateLimiterOptions limiter, IOptions<ServerSettings> settings)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            await Problems.WriteAsync(
                rejected.HttpContext,
                StatusCodes.Status429TooManyRequests,
                "too_many_requests",
                "So many requests came that this one was refused; wait a second."
            );
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || context.User.Identity?.IsAuthenticated != true
                ? RateLimitPartition.GetNoLimiter(string.Empty)
                : RateLimitPartition.GetTokenBucketLimiter(context.Owner(), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = settings.Value.RequestsPerSecond * BurstSeconds,
                    TokensPerPeriod = settings.Value.RequestsPerSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    AutoReplenishment = true,
                })
        );
    }

    /// <summary>A process that is one of several needs what they share.</summary>
    private static void RequireSharedParts(ServerSettings settings)
    {
        if (settings.Role == ServerRole.All)
        {
            return;
        }

        string?[] missing =
        [
            settings.Database is null ? nameof(settings.Database) : null,
            settings.Broker is null ? nameof(settings.Broker) : null,
            settings.Store.IsShared ? null : "Store:Folder",
            settings.Role == ServerRole.Api && settings.LinkKey is null ? nameof(settings.LinkKey) : null,
            settings.Role == ServerRole.Api && settings.WebhookSecret is null ? nameof(settings.WebhookSecret) : null,
        ];
        if (Array.Exists(missing, name => name is not null))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"A process of several needs settings that they share: {string.Join(", ", missing.OfType<string>())}; see docs/fleet.md."
            );
        }
    }

    /// <summary>Who listens beyond this machine asks for keys, so there has to be one.</summary>
    private static async Task RequireKeysAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var settings = app.Services.GetRequiredService<IOptions<ServerSettings>>().Value;
        var isOpen = settings.Listen.Split(';').Any(text => !ListenAddress.Parse(text).IsLoopback);
        if ((isOpen || settings.RequireKey) && !await app.Services.GetRequiredService<KeyService>().AnyAsync(cancellationToken))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The server is to listen on {settings.Listen}, where others reach it, but there is no key; make one with \"latentsync keys add NAME\"."
            );
        }
    }
}
