namespace LatentSync.FleetLoad.Simulation;

/// <summary>
/// Plays a fleet event by event: jobs arrive, workers that are free take the oldest piece of work, fetch what it needs, make it,
/// keep it and say so; database and storage do one thing after the other at the rate that was measured.
/// </summary>
internal sealed class Simulator(FleetModel model, Workload load, int seed = 1)
{
    private const int MostLooked = 64;

    private readonly PriorityQueue<Action, (double, long)> _events = new();
    private readonly SortedSet<SimulatedJob> _waiting = new(Comparer<SimulatedJob>.Create((one, other) => one.Number.CompareTo(other.Number)));
    private readonly List<SimulatedJob> _jobs = [];
    private readonly Stack<int> _idle = new();
    private readonly Station _database = new();
    private readonly Station _storage = new();
    private readonly Station _processors = new();
    private readonly Random _random = new(seed);
    private (HashSet<int> Has, Queue<int> Order)[] _caches = [];
    private double _now;
    private long _count;
    private long _pieces;
    private long _fetches;
    private double _generating;
    private double _fetching;
    private double _beside;
    private double _bytes;
    private double _longestJoin;

    /// <summary>Plays it to the end.</summary>
    public SimulationResult Run()
    {
        _caches = [.. Enumerable.Range(0, model.Workers).Select(_ => (new HashSet<int>(), new Queue<int>()))];
        for (var worker = model.Workers - 1; worker >= 0; worker--)
        {
            _idle.Push(worker);
        }

        Arrive(0);
        while (_events.TryDequeue(out var act, out var when))
        {
            _now = when.Item1;
            act();
        }

        var (elapsed, all) = (_jobs.Max(job => job.Ended), model.Workers * _jobs.Max(job => job.Ended));
        return new SimulationResult
        {
            Elapsed = elapsed,
            Pieces = _pieces / elapsed,
            Generating = _generating / all,
            Fetching = _fetching / all,
            Beside = _beside / all,
            Database = _database.Busy / elapsed,
            StorageRate = _bytes / elapsed,
            Storage = _storage.Busy / elapsed,
            Copies = _fetches / (double)_jobs.Count,
            Wait = Quantiles(job => job.Begun - job.Arrival),
            Whole = Quantiles(job => job.Ended - job.Arrival),
            LongestJoin = _longestJoin,
        };
    }

    private (double, double) Quantiles(Func<SimulatedJob, double> of)
    {
        var sorted = _jobs.Select(of).Order().ToList();
        return (sorted[sorted.Count / 2], sorted[sorted.Count * 95 / 100]);
    }

    private void At(double time, Action act) => _events.Enqueue(act, (time, _count++));

    private void Arrive(int number)
    {
        var seconds = load.Seconds * Math.Exp(load.Spread * Gauss());
        var frames = Math.Max(1, (int)(seconds * load.FrameRate));
        var job = new SimulatedJob(number, _now, seconds, frames, Math.Max(1, (int)Math.Ceiling(frames / (double)model.SegmentFrames)));
        _jobs.Add(job);
        _waiting.Add(job);
        if (number + 1 < load.Jobs)
        {
            var rate = load.JobsPerSecond * (1 + (load.Swing * Math.Cos(2 * Math.PI * ((number / (double)load.Jobs) - 0.5))));
            At(load.JobsPerSecond > 0 ? _now - (Math.Log(1 - _random.NextDouble()) / rate) : _now, () => Arrive(number + 1));
        }

        Assign();
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private void Assign()
    {
        while (_waiting.Count > 0 && _idle.TryPop(out var worker))
        {
            var job = Choose(worker);
            if (--job.Waiting == 0)
            {
                _waiting.Remove(job);
            }

            Begin(worker, job);
        }
    }

    /// <summary>The oldest, or one of the oldest that this worker has the input of, or that has not as many workers as it may have.</summary>
    private SimulatedJob Choose(int worker)
    {
        if (model.WorkersOfAJob == int.MaxValue)
        {
            return _waiting.Min!;
        }

        var looked = _waiting.Take(MostLooked).ToList();
        return looked.Find(job => job.IsAnalysed && job.Workers < model.WorkersOfAJob && _caches[worker].Has.Contains(job.Number))
            ?? looked.Find(job => job.Workers < model.WorkersOfAJob)
            ?? _waiting.Min!;
    }

    private void Begin(int worker, SimulatedJob job)
    {
        _pieces++;
        job.Workers++;
        job.Begun = double.IsNaN(job.Begun) ? _now : job.Begun;

        // Half of what a piece takes of the database is taking it.
        var taken = _database.Do(_now, model.DatabasePiece / 2 / (1 - model.DatabaseIdle));
        taken = model.SharedProcessors > 0 ? Math.Max(taken, _processors.Do(_now, model.ProcessorPiece / model.SharedProcessors)) : taken;
        if (!job.IsAnalysed)
        {
            At(taken, () => Fetch(worker, job, share: 1, () => Spend(worker, job, job.Frames * model.AnalyseFrame, ref _beside, Analysed)));
        }
        else if (job.Done < job.Segments)
        {
            var seconds = (job.Frames / (double)job.Segments / model.FramesPerSecond) + model.SegmentOverhead;
            At(taken, () =>
                Fetch(worker, job, model.InputShare, () =>
                    Spend(worker, job, seconds, ref _generating, (at, segment) =>
                        Move(job.Seconds / segment.Segments * model.ResultSecond, () => Complete(at, segment, () => Made(segment)))
                    )
                )
            );
        }
        else
        {
            At(taken, () => Join(worker, job, _now));
        }
    }

    private void Analysed(int worker, SimulatedJob job) => Complete(worker, job, () =>
        {
            (job.IsAnalysed, job.Waiting) = (true, job.Segments);
            _waiting.Add(job);
        });

    private void Made(SimulatedJob job)
    {
        if (++job.Done == job.Segments)
        {
            job.Waiting = 1;
            _waiting.Add(job);
        }
    }

    private void Join(int worker, SimulatedJob job, double start)
    {
        var bytes = job.Seconds * model.ResultSecond;
        Move(bytes, () => At(_now + (bytes * model.JoinByte), () => Move(bytes, () =>
                {
                    _longestJoin = Math.Max(_longestJoin, _now - start);
                    _beside += _now - start;
                    Complete(worker, job, () => job.Ended = _now);
                })));
    }

    private void Spend(int worker, SimulatedJob job, double seconds, ref double sum, Action<int, SimulatedJob> then)
    {
        sum += seconds;
        At(_now + seconds, () => then(worker, job));
    }

    /// <summary>The input, if this worker has no copy.</summary>
    private void Fetch(int worker, SimulatedJob job, double share, Action then)
    {
        var (has, order) = _caches[worker];
        if (has.Contains(job.Number))
        {
            then();
            return;
        }

        if (share == 1)
        {
            has.Add(job.Number);
            order.Enqueue(job.Number);
            if (order.Count > model.KeptInputs)
            {
                has.Remove(order.Dequeue());
            }
        }

        _fetches++;
        Move(job.Seconds * model.InputSecond * share, then);
    }

    /// <summary>Bytes from or to the storage.</summary>
    private void Move(double bytes, Action then)
    {
        var start = _now;
        _bytes += bytes;
        At(Math.Max(_storage.Do(_now, bytes / model.StorageRate), _now + (bytes / model.WorkerRate)), () =>
        {
            _fetching += _now - start;
            then();
        });
    }

    private void Complete(int worker, SimulatedJob job, Action then)
    {
        var written = _database.Do(_now, model.DatabasePiece / 2 / (1 - model.DatabaseIdle));
        At(Math.Max(written, job.Row.Do(_now, model.JobLock)), () =>
        {
            then();
            job.Workers--;
            _idle.Push(worker);
            Assign();
        });
    }
}
