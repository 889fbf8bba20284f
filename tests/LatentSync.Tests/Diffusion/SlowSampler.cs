namespace LatentSync.Tests.Diffusion;

/// <summary>
/// The samplers as their papers write them, for one number, in float64: each step from the definitions, nothing is put together
/// beforehand. All go through the same points, at which x = alpha x0 + sigma e.
/// </summary>
/// <param name="cumulative">alpha^2 at each point, rising; the last is where the last step ends.</param>
/// <param name="network">Predicts the noise e from x at a point.</param>
internal sealed class SlowSampler(IReadOnlyList<double> cumulative, Func<double, int, double> network)
{
    /// <summary>All x, from the first point to the last.</summary>
    public IReadOnlyList<double> Run(Sampler sampler, double x) =>
        sampler switch
        {
            Sampler.Ddim => Ddim(x),
            Sampler.DpmPlusPlus2M => DpmSolver(x),
            _ => UniPc(x),
        };

    /// <summary>arXiv 2010.02502, eq. 12 without noise.</summary>
    private List<double> Ddim(double start)
    {
        List<double> xs = [start];
        for (var i = 0; i < cumulative.Count - 1; i++)
        {
            var noise = network(xs[i], i);
            var clean = (xs[i] - (Math.Sqrt(1 - cumulative[i]) * noise)) / Math.Sqrt(cumulative[i]);
            xs.Add((Math.Sqrt(cumulative[i + 1]) * clean) + (Math.Sqrt(1 - cumulative[i + 1]) * noise));
        }

        return xs;
    }

    /// <summary>arXiv 2211.01095, algorithm 2, with a last step of first order: D is the last prediction alone.</summary>
    private List<double> DpmSolver(double start)
    {
        List<double> xs = [start];
        var buffer = new List<double> { Clean(start, 0) };
        xs.Add((Sigma(1) / Sigma(0) * xs[0]) - (Alpha(1) * (Math.Exp(-H(1)) - 1) * buffer[0]));
        for (var i = 2; i < cumulative.Count; i++)
        {
            buffer.Add(Clean(xs[i - 1], i - 1));
            var r = H(i - 1) / H(i);
            var d = i == cumulative.Count - 1 ? buffer[i - 1] : ((1 + (1 / (2 * r))) * buffer[i - 1]) - (1 / (2 * r) * buffer[i - 2]);
            xs.Add((Sigma(i) / Sigma(i - 1) * xs[i - 1]) - (Alpha(i) * (Math.Exp(-H(i)) - 1) * d));
        }

        return xs;

        double H(int point) => Lambda(point) - Lambda(point - 1);
    }

    /// <summary>
    /// arXiv 2302.04867, algorithms 5 to 8 for data prediction: UniP-p, and UniC-p on what it gave, with p = min(2, i) at step i,
    /// and 1 at the last one; the corrected x is what the next step begins from.
    /// </summary>
    private List<double> UniPc(double start)
    {
        List<double> xs = [start];
        var buffer = new List<double> { Clean(start, 0) };
        var corrected = start;
        for (var i = 1; i < cumulative.Count; i++)
        {
            var order = i == cumulative.Count - 1 ? 1 : Math.Min(2, i);
            var predicted = UniStep(corrected, buffer, i, order, now: null);
            xs.Add(predicted);
            if (i == cumulative.Count - 1)
            {
                break;
            }

            var now = Clean(predicted, i);
            corrected = UniStep(corrected, buffer, i, order, now);
            buffer.Add(now);
        }

        return xs;
    }

    /// <summary>
    /// x(i) = sigma(i) / sigma(i-1) x(i-1) - alpha(i) (e^-h - 1) m0 - alpha(i) B(h) sum over k of a(k) D(k) / r(k), where D(k) is the prediction at
    /// r(k) h from the last point minus m0. The weights are R(p)^-1 phi(p) / B(h) with R(j, k) = r(k)^(j-1).
    /// </summary>
    private double UniStep(double x, List<double> buffer, int i, int order, double? now)
    {
        var h = Lambda(i) - Lambda(i - 1);
        var (b, m0) = (Math.Exp(-h) - 1, buffer[i - 1]);
        List<(double R, double D)> nodes = [];
        for (var k = 1; k < order; k++)
        {
            nodes.Add(((Lambda(i - 1 - k) - Lambda(i - 1)) / h, buffer[i - 1 - k] - m0));
        }

        if (now is { } there)
        {
            nodes.Add((1, there - m0));
        }

        double[] weights = nodes.Count switch
        {
            0 => [],
            // The paper's choice where there is one: it does not depend on h.
            1 => [0.5],
            _ => Solve(nodes, [Phi(2, -h) / b, Phi(3, -h) * 2 / b]),
        };
        var sum = nodes.Zip(weights, (node, weight) => weight * node.D / node.R).Sum();
        return (Sigma(i) / Sigma(i - 1) * x) - (Alpha(i) * b * m0) - (Alpha(i) * b * sum);
    }

    /// <summary>h phi(k) of h: phi(1) h = e^h - 1, phi(k + 1) h = phi(k) - 1 / k!, with phi(k) h / h for phi(k).</summary>
    private static double Phi(int k, double h) =>
        k == 1 ? Math.Exp(h) - 1 : (Phi(k - 1, h) / h) - (1.0 / Enumerable.Range(1, k - 1).Aggregate(1, (a, f) => a * f));

    private static double[] Solve(List<(double R, double D)> nodes, double[] right)
    {
        var determinant = nodes[1].R - nodes[0].R;
        return [((right[0] * nodes[1].R) - right[1]) / determinant, (right[1] - (right[0] * nodes[0].R)) / determinant];
    }

    private double Clean(double x, int point) => (x - (Sigma(point) * network(x, point))) / Alpha(point);

    private double Alpha(int point) => Math.Sqrt(cumulative[point]);

    private double Sigma(int point) => Math.Sqrt(1 - cumulative[point]);

    private double Lambda(int point) => Math.Log(Alpha(point)) - Math.Log(Sigma(point));
}
