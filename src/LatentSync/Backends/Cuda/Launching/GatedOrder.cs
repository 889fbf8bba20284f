namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// The order of the rows of a layer whose kernel combines values and gates in registers. A thread of a product has the columns
/// 8 i + 2 q and 8 i + 2 q + 1 of 128, q from 0 to 3: they are a value and its gate, and its eight pairs of neighbouring i are
/// eight neighbouring results.
/// </summary>
internal static class GatedOrder
{
    /// <summary>Results of a chunk: a layer has a multiple of so many.</summary>
    public const int Chunk = 64;

    private const int Neighbours = 8;
    private const int Lanes = 4;

    /// <summary>The row of a result's value; its gate is in the next one.</summary>
    public static int RowOf(int result)
    {
        var (chunk, half, lane, pair) = (
            result / Chunk,
            result % Chunk / (Neighbours * Lanes),
            result % (Neighbours * Lanes) / Neighbours,
            result % Neighbours
        );
        return (2 * Chunk * chunk) + (2 * Lanes * ((Neighbours * half) + pair)) + (2 * lane);
    }
}
