using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LatentSync.Fleet.Broker;

/// <summary>The connection of this process to RabbitMQ, made again when it is lost, and the names of what it uses there.</summary>
internal sealed class BrokerConnection(IOptions<ServerSettings> settings) : IAsyncDisposable
{
    private const string Program = "latentsync";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private IConnection? _connection;

    /// <summary>The queue of calls for workers.</summary>
    public string Work => settings.Value.BrokerPrefix + ".work";

    /// <summary>Where news go to all processes.</summary>
    public string News => settings.Value.BrokerPrefix + ".news";

    /// <summary>Whether an error means that the broker is away or has closed the channel: it is tried again.</summary>
    public static bool IsOutage(Exception error) =>
        error is RabbitMQClientException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or TimeoutException;

    /// <summary>A channel; queue and exchange are there.</summary>
    /// <exception cref="RabbitMQClientException">The broker is away, or refuses.</exception>
    public async Task<IChannel> OpenAsync(bool isConfirmed, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: isConfirmed, publisherConfirmationTrackingEnabled: isConfirmed);
        var channel = await connection.CreateChannelAsync(options, cancellationToken);

        // A quorum queue survives the loss of a machine of the broker.
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Work, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(News, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        return channel;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } open)
            {
                return open;
            }

            if (_connection is { } closed)
            {
                _connection = null;
                await closed.DisposeAsync();
            }

            // Whoever uses a channel opens another when it is lost; the library would do so behind their backs.
            var factory = new ConnectionFactory
            {
                Uri = Address(),
                ClientProvidedName = Program,
                AutomaticRecoveryEnabled = false,
                TopologyRecoveryEnabled = false,
                RequestedHeartbeat = Heartbeat,
            };
            return _connection = await factory.CreateConnectionAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private Uri Address() =>
        Uri.TryCreate(settings.Value.Broker, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The setting Broker is no address of RabbitMQ; write it as amqp://user:password@host:5672."
            );
}
