using LatentSync.FrontEnd.Engines;

namespace LatentSync.Worker;

/// <summary>
/// One host and its jobs, one after the other: reads messages on a thread of its own, so that a cancellation is heard
/// whatever the job does, and ends with the input, when nothing comes for long, or after a job if no model is kept.
/// </summary>
internal sealed class WorkerSession : IDisposable
{
    /// <summary>Version of the protocol.</summary>
    public const int Protocol = 1;

    /// <summary>Exit code after a broken protocol.</summary>
    public const int BrokenExitCode = (int)LipSyncErrorCode.InvalidOptions;

    private static readonly TimeSpan LongestIdle = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstIdle = TimeSpan.FromMinutes(1);

    // A job that does not end when the host is gone, because its model loads or a network has a long operator, is left behind
    // with the process.
    private static readonly TimeSpan EndOfJob = TimeSpan.FromSeconds(5);

    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;
    private readonly EngineCache _engines;
    private readonly IdleClock _idle;
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private HelloMessage? _hello;
    private WorkerJob? _job;

    /// <summary>A session over two streams.</summary>
    public WorkerSession(Stream input, Stream output, ModelLocation models, TimeProvider time)
    {
        _reader = new MessageReader(input);
        _writer = new MessageWriter(output);
        _engines = new EngineCache(models, sentence => _writer.Write(WorkerEvents.Notice(sentence)), Tell);
        _idle = new IdleClock(time, FirstIdle, () => _job is not { IsWaiting: false }, () => _end.TrySetResult(0));
    }

    /// <summary>Whether a job still runs though the session has ended.</summary>
    public bool LeavesJob => Current() is not null;

    /// <summary>Serves until the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Blocks in the read until the process ends, if the worker ends before its input.
        _ = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var stop = cancellationToken.Register(() => _end.TrySetCanceled(cancellationToken));
        try
        {
            return await _end.Task;
        }
        finally
        {
            if (Current() is { } job)
            {
                job.Cancel();
                await Task.WhenAny(job.Completion, Task.Delay(EndOfJob, CancellationToken.None));
            }
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        if (!LeavesJob)
        {
            _engines.Dispose();
        }
    }

    private void ReadAll()
    {
        try
        {
            while (_reader.ReadHeader() is var (type, length))
            {
                Take(type, length);
                _idle.Restart();
            }

            _end.TrySetResult(0);
        }
        catch (ProtocolException error)
        {
            End(error);
        }
        catch (IOException)
        {
            // The host is gone, and with it whoever could be told.
            _end.TrySetResult(0);
        }
        catch (Exception error)
        {
            _end.TrySetException(error);
        }
    }

    private void End(ProtocolException error)
    {
        try
        {
            _writer.Write(WorkerEvents.Error(error, _hello?.Language));
        }
        finally
        {
            _end.TrySetResult(BrokenExitCode);
        }
    }

    private void Take(MessageType type, int length)
    {
        if (type == MessageType.Json)
        {
            var json = new byte[length];
            _reader.Read(json);
            Take(HostJson.Read(json));
        }
        else if (Current() is { } job)
        {
            job.Take(type, length, _reader);
        }
        else
        {
            // Was under way when its job ended.
            _reader.Skip(length);
        }
    }

    private void Take(HostMessage message)
    {
        switch (message)
        {
            case HelloMessage hello when _hello is null:
                Greet(hello);
                break;
            case JobMessage job when _hello is not null:
                Start(job);
                break;
            case CancelMessage when _hello is not null:
                Current()?.Cancel();
                break;
            default:
                throw new ProtocolException("The first message must be hello, and no other may be.");
        }
    }

    private void Greet(HelloMessage hello)
    {
        _hello = hello;
        _writer.Write(WorkerEvents.Hello());
        if (hello.Protocol != Protocol)
        {
            throw new ProtocolException(
                Invariant($"The host speaks version {hello.Protocol} of the protocol and this worker version {Protocol}; update the older of the two.")
            );
        }

        if (hello.IdleSeconds is not > 0 || hello.IdleSeconds > LongestIdle.TotalSeconds)
        {
            throw new ProtocolException(Invariant($"idle_seconds is {hello.IdleSeconds}; it must be above 0 and at most {LongestIdle.TotalSeconds}."));
        }

        _idle.Limit = TimeSpan.FromSeconds(hello.IdleSeconds);
    }

    private void Start(JobMessage message)
    {
        if (Current() is not null)
        {
            throw new ProtocolException("A job runs already; wait for its end, or cancel it.");
        }

        WorkerJob job;
        try
        {
            job = WorkerJob.Create(message, _writer, _engines, _hello!.Language);
        }
        catch (LipSyncException error)
        {
            _writer.Write(WorkerEvents.Error(error, _hello!.Language));
            return;
        }

        job.TellsMemory = message.Memory;
        lock (_gate)
        {
            _job = job;
        }

        _ = ServeAsync(job, message.KeepModel);
    }

    private async Task ServeAsync(WorkerJob job, bool keepModel)
    {
        try
        {
            await job.Start(Ended);
            if (!keepModel)
            {
                _end.TrySetResult(0);
            }
        }
        catch (IOException)
        {
            _end.TrySetResult(0);
        }
        catch (Exception error)
        {
            _end.TrySetException(error);
        }

        // Before the host is told: it may send the next job as soon as it has read of the end of this one.
        void Ended()
        {
            lock (_gate)
            {
                _job = null;
            }

            _idle.Restart();
        }
    }

    /// <summary>Tells of the card's memory; comes from a timer.</summary>
    private void Tell(LipSyncMemory memory)
    {
        if (Current() is not { TellsMemory: true })
        {
            return;
        }

        try
        {
            _writer.Write(WorkerEvents.Memory(memory));
        }
        catch (IOException)
        {
            // The host is gone, which whoever reads from it notices.
        }
    }

    private WorkerJob? Current()
    {
        lock (_gate)
        {
            return _job;
        }
    }
}
