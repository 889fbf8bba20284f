namespace LatentSync.Media.Formats;

/// <summary>
/// The YCbCr matrix and range with which a video is read and written, in the names of ffmpeg's scale filter. Reading and
/// writing use the same, so that an untouched pixel comes back as it was, even where the guess for an untagged file is
/// wrong: the two errors cancel.
/// </summary>
internal sealed record ColorConversion(string Matrix, string Range)
{
    private const int HighDefinitionWidth = 1280;
    private const int HighDefinitionHeight = 720;

    /// <summary>The matrix under the name that files are tagged with.</summary>
    public string MatrixTag =>
        Matrix switch
        {
            "bt601" => "smpte170m",
            "bt2020" => "bt2020nc",
            _ => Matrix,
        };

    /// <summary>
    /// The matrix a video is tagged with. Untagged, or tagged with one that swscale lacks: BT.601 below 1280 columns and
    /// 720 rows, else BT.709, as players guess. Untagged range: limited.
    /// </summary>
    /// <param name="tags">The tags of the video.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static ColorConversion For(ColorTags tags, int width, int height)
    {
        var matrix = tags.Matrix switch
        {
            "bt709" => "bt709",
            "bt470bg" or "smpte170m" => "bt601",
            "smpte240m" => "smpte240m",
            "fcc" => "fcc",
            "bt2020nc" => "bt2020",
            _ => width < HighDefinitionWidth && height < HighDefinitionHeight ? "bt601" : "bt709",
        };
        return new ColorConversion(matrix, tags.Range == "pc" ? "pc" : "tv");
    }
}
