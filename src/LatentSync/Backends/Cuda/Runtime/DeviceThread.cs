using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>
/// The thread on which everything of a device happens: CUDA's context is current there, and the
/// handles of its libraries belong to that context.
/// </summary>
internal sealed class DeviceThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    public DeviceThread()
    {
        _thread = new Thread(() =>
        {
            foreach (var action in _work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "device",
        };
        _thread.Start();
    }

    /// <summary>Does something there when its turn comes; it must not throw.</summary>
    public void Post(Action action) => _work.Add(action);

    /// <summary>Does something there, with the caller's execution context, and waits for it; what it throws is thrown here.</summary>
    public T Invoke<T>(Func<T> function)
    {
        if (Thread.CurrentThread == _thread)
        {
            return function();
        }

        var context = ExecutionContext.Capture();
        using var done = new ManualResetEventSlim();
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        _work.Add(() =>
        {
            try
            {
                if (context is null)
                {
                    result = function();
                }
                else
                {
                    ExecutionContext.Run(context, _ => result = function(), state: null);
                }
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        failure?.Throw();
        return result!;
    }

    /// <summary>Does something there and waits for it.</summary>
    public void Invoke(Action action) =>
        Invoke(() =>
        {
            action();
            return true;
        });

    /// <summary>Ends the thread when its work is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }
}
