using System.Diagnostics;
using System.Text;
using LatentSync.Fleet.Broker;
using LatentSync.Server.Events;
using LatentSync.Server.Settings;
using LatentSync.Server.Work.Calls;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace LatentSync.FleetLoad;

/// <summary>Messages of RabbitMQ a second: calls through the quorum queue, confirmed and acknowledged, and news to several processes.</summary>
internal sealed class BrokerLoad(int seconds)
{
    private const int AtOnce = 200;
    private const int Workers = 8;

    /// <summary>Runs it and prints a table.</summary>
    public async Task RunAsync()
    {
        await using var services = await Services.StartAsync();
        var process = await services.ProcessAsync(ServerRole.Api);
        var broker = process.Services.GetRequiredService<BrokerConnection>();
        Console.WriteLine("| | messages a second | processor ms of RabbitMQ for one |");
        Console.WriteLine("|---|---:|---:|");
        await PrintAsync("calls published and confirmed, 200 at once", () => PublishAsync(broker));
        await PrintAsync(Invariant($"calls taken and acknowledged, one at a time by each of {Workers} workers"), () => TakeAsync(process.Services));
        foreach (var listeners in new[] { 1, 3, 10 })
        {
            await PrintAsync(Invariant($"progress heard by {listeners} processes, by all together"), () => TellAsync(broker, listeners));
        }
    }

    private static async Task PrintAsync(string name, Func<Task<double>> measure)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), Processor.Rabbit());
        var rate = await measure();
        var share = (Processor.Rabbit() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(Invariant($"| {name} | {rate:0} | {share / rate * 1000:0.000} |"));
    }

    private async Task<double> PublishAsync(BrokerConnection broker)
    {
        await using var channel = await broker.OpenAsync(isConfirmed: true, CancellationToken.None);
        var properties = new BasicProperties { Persistent = true };
        var (start, count) = (Stopwatch.GetTimestamp(), 0L);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, AtOnce)
                    .Select(number =>
                        channel.BasicPublishAsync(string.Empty, broker.Work, true, properties, Encoding.ASCII.GetBytes(Invariant($"{number}"))).AsTask()
                    )
            );
            count += AtOnce;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<double> TakeAsync(IServiceProvider services)
    {
        var caller = services.GetRequiredService<IWorkCaller>();
        using var stop = new CancellationTokenSource();
        var running = Enumerable.Range(0, Workers).Select(_ => TakeAsync(caller, stop.Token)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await stop.CancelAsync();
        return (await Task.WhenAll(running)).Sum() / (double)seconds;
    }

    private static async Task<long> TakeAsync(IWorkCaller caller, CancellationToken stop)
    {
        await using var calls = caller.Open();
        for (var count = 0L; ; count++)
        {
            try
            {
                if (await calls.NextAsync(hadWork: true, stop) is { } call)
                {
                    await call.DisposeAsync();
                }
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    private async Task<double> TellAsync(BrokerConnection broker, int listeners)
    {
        var heard = 0L;
        var channels = new List<IChannel>();
        for (var i = 0; i < listeners; i++)
        {
            var channel = await broker.OpenAsync(isConfirmed: false, CancellationToken.None);
            var queue = await channel.QueueDeclareAsync();
            await channel.QueueBindAsync(queue.QueueName, broker.News, "Progress.*");
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, _) =>
            {
                Interlocked.Increment(ref heard);
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
            channels.Add(channel);
        }

        // As long as the progress of a segment.
        var body = new byte[220];
        await using var sender = await broker.OpenAsync(isConfirmed: false, CancellationToken.None);
        var (start, sent) = (Stopwatch.GetTimestamp(), 0L);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await sender.BasicPublishAsync(broker.News, Invariant($"{NewsKind.Progress}.job_{sent % 1000}"), body);

            // No faster than it is heard: what piles up in the broker was not carried.
            while (++sent * listeners - Interlocked.Read(ref heard) > 20_000)
            {
                await Task.Delay(1);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var rate = Interlocked.Read(ref heard) / elapsed;
        foreach (var channel in channels)
        {
            await channel.DisposeAsync();
        }

        return rate;
    }
}
