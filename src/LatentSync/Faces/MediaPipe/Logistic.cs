namespace LatentSync.Faces.MediaPipe;

/// <summary>The logistic function.</summary>
internal static class Logistic
{
    // Beyond this the result is 0 or 1 to the last digit.
    private const double Limit = 100;

    /// <summary>1 / (1 + exp(-logit)); NaN stays NaN.</summary>
    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-Math.Clamp(logit, -Limit, Limit)));
}
