using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>A list whose operations are bound to memory.</summary>
/// <param name="List">The list.</param>
/// <param name="Steps">Queues each operation.</param>
internal sealed record PreparedList(LaunchList List, IReadOnlyList<Action> Steps)
{
    /// <summary>Queues all operations; does not wait.</summary>
    public void Play()
    {
        foreach (var step in Steps)
        {
            step();
        }
    }

    /// <summary>The same list with the copies of its streamed weights between its operations.</summary>
    public PreparedList WithWeights(IReadOnlyList<WeightBlock> blocks, IWeightPlaces places)
    {
        if (blocks.Count == 0)
        {
            return this;
        }

        var (before, after) = (new List<Action>?[Steps.Count], new List<Action>?[Steps.Count]);
        for (var i = 0; i < blocks.Count; i++)
        {
            var (block, next) = (blocks[i], i + WeightPlacement.Places < blocks.Count ? blocks[i + WeightPlacement.Places] : null);
            (before[block.First] ??= []).Add(() => places.Await(block));
            (after[block.Last] ??= []).Add(() =>
            {
                places.Leave(block);
                if (next is not null)
                {
                    places.Copy(next);
                }
            });
        }

        (before[0] ??= []).InsertRange(0, blocks.Take(WeightPlacement.Places).Select(block => (Action)(() => places.Copy(block))));
        return this with { Steps = [.. Steps.Select((step, i) => Around(before[i], step, after[i]))] };
    }

    private static Action Around(List<Action>? before, Action step, List<Action>? after) =>
        before is null && after is null
            ? step
            : () =>
            {
                before?.ForEach(action => action());
                step();
                after?.ForEach(action => action());
            };
}
