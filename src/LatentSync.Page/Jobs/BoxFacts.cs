namespace LatentSync.Page.Jobs;

/// <summary>An area of a picture, in pixels.</summary>
public readonly record struct BoxFacts(double Left, double Top, double Right, double Bottom)
{
    public double MiddleX => (Left + Right) / 2;

    public double MiddleY => (Top + Bottom) / 2;

    public double Width => Right - Left;

    public double Height => Bottom - Top;
}
