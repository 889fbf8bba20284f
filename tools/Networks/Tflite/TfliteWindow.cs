namespace LatentSync.Networks.Files;

/// <summary>Kernel, stride, dilation and padding of a convolution or pooling, height before width.</summary>
/// <param name="Kernel">Kernel height and width.</param>
/// <param name="Strides">Strides.</param>
/// <param name="Dilations">Dilations.</param>
/// <param name="Pads">ONNX order: top, left, bottom, right.</param>
internal sealed record TfliteWindow(long[] Kernel, long[] Strides, long[] Dilations, long[] Pads)
{
    private const int SamePadding = 0;
    private const int MaximumStep = 1 << 10;

    /// <summary>
    /// Resolves the padding of the schema's <c>Padding</c> enumeration. SAME makes the output ceil(input / stride) long;
    /// an odd pixel goes to the bottom and right, so the pads of a stride of 2 are often not symmetric.
    /// </summary>
    public static TfliteWindow Create(
        TfliteTensor input,
        (int Height, int Width) kernel,
        (int Height, int Width) stride,
        (int Height, int Width) dilation,
        byte padding
    )
    {
        foreach (var value in (ReadOnlySpan<int>)[stride.Height, stride.Width, dilation.Height, dilation.Width, kernel.Height, kernel.Width])
        {
            if (value is < 1 or > MaximumStep)
            {
                throw TfliteError.Damaged("a kernel, stride or dilation is out of range");
            }
        }

        var (top, bottom) = Pad(input.Shape[1], kernel.Height, stride.Height, dilation.Height, padding);
        var (left, right) = Pad(input.Shape[2], kernel.Width, stride.Width, dilation.Width, padding);
        return new TfliteWindow([kernel.Height, kernel.Width], [stride.Height, stride.Width], [dilation.Height, dilation.Width], [top, left, bottom, right]);
    }

    private static (int Before, int After) Pad(int length, int kernel, int stride, int dilation, byte padding)
    {
        if (padding != SamePadding)
        {
            return (0, 0);
        }

        var output = ((length - 1) / stride) + 1;
        var total = Math.Max(((output - 1) * stride) + ((kernel - 1) * dilation) + 1 - length, 0);
        return (total / 2, total - (total / 2));
    }
}
