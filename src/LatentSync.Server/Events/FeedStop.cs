using Microsoft.Extensions.Hosting;

namespace LatentSync.Server.Events;

/// <summary>Ends the streams of events when the server stops, so that their connections do not hold it up.</summary>
internal sealed class FeedStop(JobFeeds feeds, IHostApplicationLifetime lifetime) : IHostedService
{
    private CancellationTokenRegistration _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = lifetime.ApplicationStopping.Register(feeds.WakeAll);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await _registration.DisposeAsync();
}
