using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.GpuBenchmarks;

/// <summary>How fast a card multiplies large matrices, measured: what the networks' speed is a share of.</summary>
internal static class CardLimit
{
    /// <summary>Large enough for every card of today to be busy.</summary>
    public const int LargestSide = 8192;

    private const int Runs = 21;
    private const int Matrices = 3;
    private const double OperationsPerMillisecond = 1e9;

    /// <summary>The largest side of square matrices of which three fit into half of the memory.</summary>
    public static int SideFor(long freeBytes, DeviceDataType type)
    {
        var side = LargestSide;
        while (side > 1 && (long)Matrices * side * side * type.Size() > freeBytes / 2)
        {
            side /= 2;
        }

        return side;
    }

    /// <summary>10^12 floating-point operations per second of a product of two square matrices, the median of several.</summary>
    /// <param name="player">The card; what it holds is unloaded.</param>
    /// <param name="side">Rows and columns.</param>
    /// <exception cref="LatentSync.Backends.Cuda.Runtime.DeviceMemoryException">The card has no room for the matrices.</exception>
    public static double MeasureTeraFlops(ILaunchPlayer player, int side)
    {
        var writer = new LaunchWriter(player.Traits.Type);
        writer.Add(new ProductOperation(Random("left"), Random("right"), writer.Matrix("result", side, side)));
        var list = writer.Build("a product of large matrices");
        player.Load(new ScratchLayout(list).Bytes, WeightPlacement.Whole([list]), CancellationToken.None);
        try
        {
            return 2.0 * side * side * side / Median(player, player.Prepare(list), Runs) / OperationsPerMillisecond;
        }
        finally
        {
            player.Unload();
        }

        // Zeros would need less power than real numbers, and a card would run faster.
        LaunchMatrix Random(string name) =>
            writer.Weight(name, (long)side * side, new WeightRecipe([], _ => RandomNumbers.Create(side * side, name.Length))).Rows(side);
    }

    /// <summary>The median of several runs in milliseconds, after one that does not count.</summary>
    private static double Median(ILaunchPlayer player, PreparedList list, int runs)
    {
        list.Play();
        var times = new double[runs];
        foreach (ref var time in times.AsSpan())
        {
            player.Mark(0);
            list.Play();
            player.Mark(1);
            player.Wait(1);
            time = player.Elapsed(0, 1);
        }

        Array.Sort(times);
        return times[runs / 2];
    }
}
