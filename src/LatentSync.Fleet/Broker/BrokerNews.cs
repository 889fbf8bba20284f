using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using LatentSync.Server.Events;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace LatentSync.Fleet.Broker;

/// <summary>News between processes, by a topic exchange: routing keys are <c>KIND.JOB</c>. Nothing of it is kept by the broker.</summary>
internal sealed partial class BrokerNews(
    BrokerConnection broker,
    NewsReader reader,
    IOptions<ServerSettings> settings,
    ILogger<BrokerNews> logger,
    TimeProvider time
) : BackgroundService, INewsChannel
{
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan OutageInterval = TimeSpan.FromSeconds(2);

    // Progress that nobody could be told of is old; changes are in the database.
    private readonly Channel<NewsItem> _items = Channel.CreateBounded<NewsItem>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
    );

    public void Send(NewsItem item)
    {
        if (item.Kind != NewsKind.Progress)
        {
            // For those who watch in this process, also while the broker is away.
            reader.Receive(item);
        }

        _items.Writer.TryWrite(item);
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is tried again a little later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var channel = await broker.OpenAsync(isConfirmed: false, stoppingToken);
                await ListenAsync(channel, stoppingToken);

                // What came while nobody listened.
                reader.LookAtAll();
                await SendAsync(channel, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogOutage(error.Message);
                await Task.Delay(OutageInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var queue = await channel.QueueDeclareAsync(cancellationToken: cancellationToken);
        var kinds = settings.Value.Role == ServerRole.Worker ? [NewsKind.Stop] : Enum.GetValues<NewsKind>();
        foreach (var kind in kinds)
        {
            await channel.QueueBindAsync(queue.QueueName, broker.News, Invariant($"{kind}.*"), cancellationToken: cancellationToken);
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            if (message.RoutingKey.Split('.', 2) is [var name, var job] && Enum.TryParse<NewsKind>(name, out var kind))
            {
                // The bytes are the library's until this returns.
                reader.Receive(new NewsItem(kind, job, message.Body.ToArray()));
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancellationToken);
    }

    private async Task SendAsync(IChannel channel, CancellationToken cancellationToken)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        channel.ChannelShutdownAsync += (_, _) => closed.CancelAsync();
        while (channel.IsOpen)
        {
            try
            {
                var item = await _items.Reader.ReadAsync(closed.Token);
                await channel.BasicPublishAsync(broker.News, Invariant($"{item.Kind}.{item.JobId}"), item.Bytes, cancellationToken);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("The broker has closed the channel.", error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker is away; news of other processes come late: {Reason}")]
    private partial void LogOutage(string reason);
}
