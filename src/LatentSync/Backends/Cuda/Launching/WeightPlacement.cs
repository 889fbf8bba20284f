using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// Which weights stay on the device, and which are copied from the computer's memory each time a list is played. Those
/// share a few places, which their blocks take in turn, so that a block is copied while the one before is in use.
/// </summary>
internal sealed class WeightPlacement
{
    /// <summary>Blocks that can be on the device at once.</summary>
    public const int Places = 3;

    // Smaller ones are biases and norms: many, and together next to nothing.
    private const long SmallestStreamed = 256 << 10;

    private readonly HashSet<string> _streamed = new(StringComparer.Ordinal);

    private WeightPlacement(IReadOnlyList<LaunchBuffer> resident, IReadOnlyList<LaunchBuffer> streamed)
    {
        (Resident, Streamed) = (resident, streamed);
        _streamed.UnionWith(streamed.Select(weight => weight.Name));
        PlaceBytes = streamed.Select(weight => weight.PlacedBytes).DefaultIfEmpty().Max();
    }

    /// <summary>Weights that stay.</summary>
    public IReadOnlyList<LaunchBuffer> Resident { get; }

    /// <summary>Weights that are copied each time.</summary>
    public IReadOnlyList<LaunchBuffer> Streamed { get; }

    /// <summary>Size of a place: the largest weight that is copied.</summary>
    public long PlaceBytes { get; }

    /// <summary>What weights and places take on the device.</summary>
    public long Bytes => Resident.Sum(weight => weight.PlacedBytes) + (Places * PlaceBytes);

    /// <summary>What the streamed weights take in the computer's memory.</summary>
    public long StreamedBytes => Streamed.Sum(weight => weight.PlacedBytes);

    /// <summary>All weights stay on the device.</summary>
    public static WeightPlacement Whole(IEnumerable<LaunchList> lists) => new([.. WeightsOf(lists)], []);

    /// <summary>
    /// Weights take at most so many bytes of the device, or as few as possible. Those of lists that are played at every step stay; of the others
    /// every so many-th is copied, so that copies are spread evenly over the time that the lists take.
    /// </summary>
    /// <param name="staying">Lists whose weights stay.</param>
    /// <param name="streamable">Lists whose other weights may be copied.</param>
    /// <param name="bytes">Bytes for weights and places.</param>
    public static WeightPlacement Within(IReadOnlyList<LaunchList> staying, IReadOnlyList<LaunchList> streamable, long bytes)
    {
        var whole = Whole([.. staying, .. streamable]);
        if (whole.Bytes <= bytes)
        {
            return whole;
        }

        var fixedNames = WeightsOf(staying).Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        List<LaunchBuffer> candidates = [.. WeightsOf(streamable).Where(weight => weight.Bytes >= SmallestStreamed && !fixedNames.Contains(weight.Name))];
        var places = Places * candidates.Select(weight => weight.PlacedBytes).DefaultIfEmpty().Max();
        var all = candidates.Sum(weight => weight.PlacedBytes);
        var share = Math.Clamp((double)(whole.Bytes + places - bytes) / Math.Max(1, all), 0, 1);
        var (seen, taken, streamed) = (0.0, 0L, new List<LaunchBuffer>());
        foreach (var weight in candidates)
        {
            seen += weight.PlacedBytes * share;
            if (share >= 1 || taken < seen)
            {
                taken += weight.PlacedBytes;
                streamed.Add(weight);
            }
        }

        var names = streamed.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        return new WeightPlacement([.. whole.Resident.Where(weight => !names.Contains(weight.Name))], streamed);
    }

    /// <summary>The blocks of a list's streamed weights, in the order of their use.</summary>
    public IReadOnlyList<WeightBlock> Blocks(LaunchList list)
    {
        var uses = new Dictionary<string, (LaunchBuffer Weight, int First, int Last)>(StringComparer.Ordinal);
        for (var i = 0; i < list.Operations.Count; i++)
        {
            foreach (var weight in list.Operations[i].Reads.Where(buffer => _streamed.Contains(buffer.Name)))
            {
                var first = uses.TryGetValue(weight.Name, out var use) ? use.First : i;
                uses[weight.Name] = (weight, first, i);
            }
        }

        var blocks = new List<WeightBlock>();
        var (block, length) = (new List<(LaunchBuffer Weight, int First, int Last)>(), 0L);
        foreach (var use in uses.Values.OrderBy(use => use.First))
        {
            if (length + use.Weight.PlacedBytes > PlaceBytes)
            {
                Close();
            }

            block.Add(use);
            length += use.Weight.PlacedBytes;
        }

        Close();
        return blocks;

        void Close()
        {
            if (block.Count == 0)
            {
                return;
            }

            var (offset, weights) = (0L, new List<(LaunchBuffer, long)>());
            foreach (var (weight, _, _) in block)
            {
                weights.Add((weight, offset));
                offset += weight.PlacedBytes;
            }

            var next = new WeightBlock(blocks.Count % Places, block.Min(use => use.First), block.Max(use => use.Last), weights);
            if (blocks.Count >= Places && blocks[^Places].Last >= next.First)
            {
                throw new InvalidOperationException(Invariant($"{list.Name}: operation {next.First} needs more weights than there are places for."));
            }

            blocks.Add(next);
            (block, length) = ([], 0);
        }
    }

    private static IEnumerable<LaunchBuffer> WeightsOf(IEnumerable<LaunchList> lists) =>
        lists
            .SelectMany(list => list.Buffers)
            .Where(buffer => buffer.Kind == LaunchBufferKind.Weight)
            .DistinctBy(weight => weight.Name, StringComparer.Ordinal);
}
