using System.Text.RegularExpressions;
using LatentSync.TestKit;

namespace LatentSync.Tests.Architecture;

/// <summary>The way of the data is the shape of the code: stages know no other stage, only the pipeline composes them.</summary>
public partial class StageTests
{
    private static readonly string[] Stages = ["Media", "Audio", "Faces", "Latents", "Diffusion", "Restoration", "Scoring"];
    private static readonly string[] Foundations = ["Networks", "Checkpoints", "Tensors", "Imaging", "Devices", "Backends"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Stage_RefersToNoOtherStage(string file)
    {
        var folder = file.Split('/')[0];
        string[] forbidden = Stages.Contains(folder, StringComparer.Ordinal)
            ? [.. Stages.Where(stage => stage != folder), "Jobs", "ModelStore", "Pipeline"]
            : Foundations.Contains(folder, StringComparer.Ordinal) ? [.. Stages, "Jobs", "ModelStore", "Pipeline"] : [];
        var used = ReferencePattern().Matches(File.ReadAllText(Path.Combine(SourceFolder, file))).Select(match => match.Groups[1].Value);
        Assert.Empty(used.Intersect(forbidden, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Tensors")]
    [InlineData("Imaging")]
    [InlineData("Devices")]
    public void Leaf_RefersToNothingOfOurs(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceFolder, folder), "*.cs", SearchOption.AllDirectories))
        {
            var used = ReferencePattern().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);
            Assert.All(used, name => Assert.Equal(folder, name));
        }
    }

    [Fact]
    public void ModelStore_RefersToCheckpointsOnly()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceFolder, "ModelStore"), "*.cs", SearchOption.AllDirectories))
        {
            var used = ReferencePattern().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);
            Assert.All(used, name => Assert.Contains(name, (string[])["ModelStore", "Checkpoints"]));
        }
    }

    [Fact]
    public void EveryFolder_IsAccountedFor() => Assert.Equal(
        [.. Stages.Concat(Foundations).Append("DependencyInjection").Append("Jobs").Append("ModelStore").Append("Pipeline").Order(StringComparer.Ordinal)],
        Directory.EnumerateDirectories(SourceFolder).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Sources))]
    public void File_IsSmall(string file) =>
        Assert.InRange(File.ReadLines(Path.Combine(SourceFolder, file)).Count(), 1, 400);

    public static TheoryData<string> Sources()
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(SourceFolder, "*.cs", SearchOption.AllDirectories))
        {
            data.Add(Path.GetRelativePath(SourceFolder, file).Replace('\\', '/'));
        }

        return data;
    }

    private static string SourceFolder => Path.Combine(RepositoryFolder.Path, "src", "LatentSync");

    [GeneratedRegex(@"\bLatentSync\.([A-Z]\w+)", RegexOptions.None, 1000)]
    private static partial Regex ReferencePattern();
}
