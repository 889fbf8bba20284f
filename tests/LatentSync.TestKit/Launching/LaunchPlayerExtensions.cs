using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.TestKit.Launching;

/// <summary>Shorter ways to use a player.</summary>
internal static class LaunchPlayerExtensions
{
    /// <summary>Loads the weights of lists, all of which stay, and binds the lists.</summary>
    public static IReadOnlyList<PreparedList> Open(this ILaunchPlayer player, params IReadOnlyList<LaunchList> lists)
    {
        player.Load(lists.Max(list => new ScratchLayout(list).Bytes), WeightPlacement.Whole(lists), CancellationToken.None);
        return [.. lists.Select(player.Prepare)];
    }

    /// <summary>Fills a named buffer.</summary>
    public static void Write(this ILaunchPlayer player, string name, float[] values) => player.Write(name, MemoryMarshal.AsBytes<float>(values));

    /// <summary>The first numbers of a named buffer.</summary>
    public static float[] Read(this ILaunchPlayer player, string name, int count)
    {
        var values = new float[count];
        player.Read(name, [values]);
        return values;
    }
}
