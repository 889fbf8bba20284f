namespace LatentSync.Server.Engines;

/// <summary>The memory of the last minutes: the newest readings, of which later ones replace the oldest. Any thread may use it.</summary>
internal sealed class MemoryHistory
{
    /// <summary>The most readings that are kept: ten minutes of one every two seconds.</summary>
    public const int Capacity = 300;

    private readonly Lock _gate = new();
    private MemoryPoint[] _points = [];
    private int _next;
    private int _count;

    /// <summary>Adds a reading; it is the newest.</summary>
    public void Add(MemoryPoint point)
    {
        lock (_gate)
        {
            // Most engines of a server that has nothing to do have no reading yet.
            if (_points.Length == 0)
            {
                _points = new MemoryPoint[Capacity];
            }

            _points[_next] = point;
            _next = (_next + 1) % Capacity;
            _count = Math.Min(_count + 1, Capacity);
        }
    }

    /// <summary>The readings since a time, the oldest first.</summary>
    public IReadOnlyList<MemoryPoint> Since(DateTimeOffset time)
    {
        lock (_gate)
        {
            var found = new List<MemoryPoint>(_count);
            for (var age = _count; age > 0; age--)
            {
                var point = _points[(_next - age + Capacity) % Capacity];
                if (point.At >= time)
                {
                    found.Add(point);
                }
            }

            return found;
        }
    }

    /// <summary>Forgets all readings: those to come are of another memory.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            (_points, _next, _count) = ([], 0, 0);
        }
    }
}
