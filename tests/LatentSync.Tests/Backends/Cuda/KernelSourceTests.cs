using System.Text.RegularExpressions;
using LatentSync.Backends.Cuda.Kernels;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda;

public partial class KernelSourceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static IEnumerable<string> AllFiles => KernelSource.Files.Concat(KernelSource.HopperFiles);

    /// <summary>NVRTC comes without CUDA's headers, so that the sources may include their own alone.</summary>
    [Fact]
    public void Sources_IncludeOnlyTheirHeaders()
    {
        foreach (var file in AllFiles.Concat(KernelSource.Headers))
        {
            Assert.All(IncludePattern().Matches(KernelSource.Read(file)), match => Assert.Contains(match.Groups[1].Value, KernelSource.Headers));
        }
    }

    [Fact]
    public void EveryLaunchedKernel_IsInASource()
    {
        var folder = Path.Combine(RepositoryFolder.Path, "src", "LatentSync", "Backends", "Cuda", "Execution");
        var launcher = string.Concat(Directory.EnumerateFiles(folder, "*Launcher.cs").Select(File.ReadAllText));
        var sources = string.Concat(AllFiles.Select(KernelSource.Read));
        var kernels = NamePattern().Matches(launcher).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(kernels);
        Assert.All(kernels, kernel => Assert.Matches($@"\b{kernel}\b", sources));
    }

    /// <summary>The compiler is told the type by its name.</summary>
    [Fact]
    public void EveryType_IsOneOfTheSources()
    {
        var numbers = KernelSource.Read("numbers.cuh");
        var types = Enum.GetValues<DevicePrecision>().Select(precision => precision.DataType().ToString().ToUpperInvariant()).ToList();
        Assert.All(types, type => Assert.Matches($@"#define {type} \d\n", numbers));
        Assert.Equal(
            types.Count,
            types.Select(type => Regex.Match(numbers, $@"#define {type} (\d)", RegexOptions.None, s_patience).Groups[1].Value).Distinct().Count()
        );
    }

    /// <summary>What knows the bits of a type is in numbers.cuh alone, so that kernels are the same for all.</summary>
    [Fact]
    public void Kernels_NameNoType() =>
        Assert.All(AllFiles.Append("hopper.cuh"), file => Assert.DoesNotMatch(@"(?i)\bb?f(loat)?16\b", KernelSource.Read(file)));

    [GeneratedRegex("""#include\s+["<]([^">]+)""", RegexOptions.None, 1000)]
    private static partial Regex IncludePattern();

    // Snake case is the kernels' alone.
    [GeneratedRegex("\"([a-z]+(?:_[a-z0-9]+)+)\"", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();
}
