namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>Which windows of its input a convolution sees. Maps and windows are square.</summary>
/// <param name="Images">Images.</param>
/// <param name="Side">Rows and columns of the input.</param>
/// <param name="Kernel">Rows and columns of a window.</param>
/// <param name="Stride">Pixels from one window to the next.</param>
/// <param name="Before">Zeros on top and on the left.</param>
/// <param name="After">Zeros at the bottom and on the right.</param>
internal sealed record WindowShape(int Images, int Side, int Kernel, int Stride, int Before, int After)
{
    /// <summary>Rows and columns of the output.</summary>
    public int OutSide => ((Side + Before + After - Kernel) / Stride) + 1;
}
