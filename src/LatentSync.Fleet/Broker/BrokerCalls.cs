using System.Threading.Channels;
using LatentSync.Server.Work.Calls;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace LatentSync.Fleet.Broker;

/// <summary>
/// The calls of one worker: one message at a time, which is acknowledged when the work that it led to is done. What the work is
/// the database says: a message that is lost, old or doubled costs a look there and nothing else. While the broker is away the
/// worker looks every few seconds.
/// </summary>
internal sealed partial class BrokerCalls(BrokerConnection broker, ILogger<BrokerCalls> logger, TimeProvider time) : IWorkCalls
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutageInterval = TimeSpan.FromSeconds(2);

    private IChannel? _channel;
    private ChannelReader<ulong>? _messages;

    public async Task<IWorkCall?> NextAsync(bool hadWork, CancellationToken cancellationToken)
    {
        try
        {
            if (_channel is not { IsOpen: true } || _messages is null)
            {
                await OpenAsync(cancellationToken);
            }

            using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            look.CancelAfter(LookInterval);
            return new Call(this, _channel!, await _messages!.ReadAsync(look.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error) when (BrokerConnection.IsOutage(error) || error is ChannelClosedException)
        {
            LogOutage(error.Message);
            await CloseAsync();
            await Task.Delay(OutageInterval, time, cancellationToken);
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        var channel = await broker.OpenAsync(isConfirmed: false, cancellationToken);
        var messages = Channel.CreateUnbounded<ulong>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => messages.Writer.WriteAsync(message.DeliveryTag, CancellationToken.None).AsTask();
        consumer.UnregisteredAsync += (_, _) => Complete(messages);
        channel.ChannelShutdownAsync += (_, _) => Complete(messages);
        (_channel, _messages) = (channel, messages.Reader);
        await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellationToken);
        await channel.BasicConsumeAsync(broker.Work, autoAck: false, consumer, cancellationToken);
    }

    private static Task Complete(Channel<ulong> messages)
    {
        messages.Writer.TryComplete();
        return Task.CompletedTask;
    }

    private async Task CloseAsync()
    {
        if (_channel is { } channel)
        {
            (_channel, _messages) = (null, null);
            try
            {
                await channel.DisposeAsync();
            }
            catch (Exception error) when (BrokerConnection.IsOutage(error))
            {
                LogOutage(error.Message);
            }
        }
    }

    private async ValueTask EndAsync(IChannel channel, ulong tag, bool isForOthers)
    {
        try
        {
            if (isForOthers)
            {
                await channel.BasicNackAsync(tag, multiple: false, requeue: true);
            }
            else
            {
                await channel.BasicAckAsync(tag, multiple: false);
            }
        }
        catch (Exception error) when (BrokerConnection.IsOutage(error))
        {
            // It comes again, and leads to nothing.
            LogOutage(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker is away; this worker looks for work by itself: {Reason}")]
    private partial void LogOutage(string reason);

    private sealed class Call(BrokerCalls calls, IChannel channel, ulong tag) : IWorkCall
    {
        public bool IsForOthers { get; set; }

        public ValueTask DisposeAsync() => calls.EndAsync(channel, tag, IsForOthers);
    }
}
