using LatentSync.TestKit;

namespace LatentSync.Tests.Architecture;

/// <summary>CSharpier breaks code at 160 columns but never a string; this keeps those short enough to be read without scrolling.</summary>
public class LineLengthTests
{
    // The same as printWidth of .csharpierrc.
    private const int MostColumns = 160;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    [InlineData("tools")]
    public void Lines_FitThePrintWidth(string folder)
    {
        var root = Path.Combine(RepositoryFolder.Path, folder);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(Path.GetRelativePath(root, file))).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            from line in File.ReadLines(file).Index()
            where line.Item.Length > MostColumns
            select Invariant($"{Path.GetRelativePath(RepositoryFolder.Path, file)}:{line.Index + 1} has {line.Item.Length} columns")
        );
    }

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");
}
