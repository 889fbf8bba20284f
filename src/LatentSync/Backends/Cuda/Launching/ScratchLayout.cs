using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// Places in one block of memory for the scratch buffers of a list, so that two overlap only if one is dead before the
/// other is born. An operation that may work in place gets its result where its input was, if that dies with it. Buffers are
/// placed one after the other, each as low as it fits, in a few orders, of which the best is taken.
/// </summary>
internal sealed class ScratchLayout
{
    private readonly Dictionary<LaunchBuffer, long> _offsets = [];

    /// <summary>Lays a list out.</summary>
    public ScratchLayout(LaunchList list)
    {
        List<Life> lives = [.. Lives(list).Values.Distinct()];
        List<Life>[] orders =
        [
            [.. lives.OrderByDescending(life => life.Bytes).ThenBy(life => life.Born)],
            [.. lives.OrderByDescending(life => life.Bytes * (life.Died - life.Born + 1))],
            [.. lives.OrderBy(life => life.Born)],
        ];
        var (bytes, places) = orders.Select(Place).MinBy(layout => layout.Bytes);
        Bytes = bytes;
        foreach (var (life, start) in places)
        {
            life.Buffers.ForEach(buffer => _offsets[buffer] = start);
        }

        LiveBytes = Enumerable
            .Range(0, list.Operations.Count)
            .Max(step => lives.Where(life => life.Born <= step && step <= life.Died).Sum(life => (long?)life.Bytes))
            ?? 0;
    }

    /// <summary>Size of the block.</summary>
    public long Bytes { get; }

    /// <summary>The most bytes that are alive at once: what a perfect layout would need.</summary>
    public long LiveBytes { get; }

    /// <summary>Where a scratch buffer starts in the block.</summary>
    public long this[LaunchBuffer buffer] => _offsets[buffer];

    /// <summary>Puts each, in the order given, as low as it fits.</summary>
    private static (long Bytes, List<(Life Life, long Start)> Places) Place(List<Life> lives)
    {
        var (bytes, placed) = (0L, new List<(Life Life, long Start)>());
        foreach (var life in lives)
        {
            var start = 0L;
            foreach (var (other, taken) in placed.Where(other => other.Life.Born <= life.Died && life.Born <= other.Life.Died).OrderBy(other => other.Start))
            {
                if (start + life.Bytes <= taken)
                {
                    break;
                }

                start = Math.Max(start, taken + other.Bytes);
            }

            placed.Add((life, start));
            bytes = Math.Max(bytes, start + life.Bytes);
        }

        return (bytes, placed);
    }

    private static Dictionary<LaunchBuffer, Life> Lives(LaunchList list)
    {
        var last = new Dictionary<LaunchBuffer, int>();
        for (var step = 0; step < list.Operations.Count; step++)
        {
            foreach (var buffer in list.Operations[step].Reads.Concat(list.Operations[step].Writes))
            {
                last[buffer] = step;
            }
        }

        var lives = new Dictionary<LaunchBuffer, Life>();
        for (var step = 0; step < list.Operations.Count; step++)
        {
            var operation = list.Operations[step];
            if (
                operation.InPlace is { } pair
                && Scratch(pair.Read)
                && Scratch(pair.Written)
                && pair.Read.Bytes == pair.Written.Bytes
                && !lives.ContainsKey(pair.Written)
                && list.Operations.Take(step..(last[pair.Read] + 1))
                    .All(other => other.InPlace == pair || !other.Reads.Concat(other.Writes).Contains(pair.Read))
            )
            {
                var life = lives[pair.Read];
                life.Buffers.Add(pair.Written);
                lives[pair.Written] = life;
            }

            foreach (var buffer in operation.Reads.Concat(operation.Writes).Where(Scratch))
            {
                if (!lives.TryGetValue(buffer, out var life))
                {
                    lives[buffer] = life = new Life(step, buffer.PlacedBytes) { Buffers = { buffer } };
                }

                life.Died = Math.Max(life.Died, step);
            }
        }

        return lives;

        static bool Scratch(LaunchBuffer buffer) => buffer.Kind == LaunchBufferKind.Scratch;
    }

    private sealed class Life(int born, long bytes)
    {
        public int Born { get; } = born;

        public int Died { get; set; } = born;

        public long Bytes { get; } = bytes;

        public List<LaunchBuffer> Buffers { get; } = [];
    }
}
