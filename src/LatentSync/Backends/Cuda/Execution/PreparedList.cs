using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Execution;

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
}
