using System.Reflection;
using System.Runtime.CompilerServices;

namespace LatentSync.Tests.Architecture;

/// <summary>The way of the data is the shape of the code: what a folder of the library may refer to.</summary>
public class FolderTests
{
    // More than this nobody takes in at a glance.
    private const int MostFiles = 17;
    private const int MostLines = 400;

    // Each stage knows its own subject and what lies below; only the pipeline puts stages in a row.
    private static readonly string[] Stages = ["Audio", "Diffusion", "Faces", "Latents", "Media", "Restoration"];

    // What a room may refer to besides itself. The root, which is a dot, may refer to all.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Errors"] = [],
        ["Imaging"] = [],
        ["Ownership"] = [],
        ["Progress"] = [],
        ["Tensors"] = [],
        ["Files"] = ["Errors"],
        ["Timeline"] = [],
        ["Audio"] = ["Errors", "Tensors", "Timeline"],
        ["Diffusion"] = ["Errors", "Tensors"],
        ["Faces"] = ["Errors", "Files", "Imaging", "Networks", "Tensors", "Timeline"],
        ["Latents"] = ["Imaging", "Tensors"],
        ["Media"] = ["Errors", "Files", "Imaging", "Timeline"],
        ["Restoration"] = ["Imaging"],
        ["Checkpoints"] = ["Errors", "Files"],
        ["Networks"] = ["Checkpoints", "Errors", "Tensors"],
        ["Backends"] = ["Audio", "Checkpoints", "Diffusion", "Errors", "Files", "Imaging", "Latents", "Models", "Networks", "Ownership", "Progress", "Tensors"],
        ["Models"] = ["Checkpoints", "Errors", "Files"],
        ["Options"] = ["Audio", "Diffusion", "Errors", "Faces", "Media", "Restoration", "Timeline"],
        ["Requests"] = ["Audio", "Errors", "Faces", "Media", "Options", "Progress", "Timeline"],
        ["Jobs"] = ["Errors", "Files", "Media", "Timeline"],
        ["Scoring"] = ["Audio", "Backends", "Checkpoints", "Errors", "Faces", "Imaging", "Media", "Networks", "Ownership", "Progress", "Tensors", "Timeline"],
        ["Diagnostics"] = ["Backends", "Checkpoints", "Errors", "Faces", "Media"],
        ["Pipeline"] =
        [
            "Audio",
            "Backends",
            "Errors",
            "Faces",
            "Imaging",
            "Jobs",
            "Latents",
            "Media",
            "Options",
            "Progress",
            "Requests",
            "Restoration",
            "Tensors",
            "Timeline",
        ],
    };

    [Fact]
    public void Folders_HaveNoCycles() => Assert.Empty(FolderGraph.Library.Cycles());

    [Fact]
    public void EveryRoom_IsAccountedFor() =>
        Assert.Equal(
            [.. Allowed.Keys.Append(".").Order(StringComparer.Ordinal)],
            FolderGraph.Library.Folders.Select(FolderGraph.Room).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Room_RefersToAllowedOnesOnly() =>
        Assert.Empty(
            FolderGraph
                .Library.Arrows.Where(arrow =>
                    FolderGraph.Room(arrow.Key.From) is var from and not "."
                    && FolderGraph.Room(arrow.Key.To) is var to
                    && to != from
                    && !Allowed[from].Contains(to, StringComparer.Ordinal)
                )
                .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To}: {string.Join(", ", arrow.Value)}")
        );

    [Fact]
    public void Stage_KnowsNoOtherStage() => Assert.All(Stages, stage => Assert.Empty(Allowed[stage].Intersect(Stages, StringComparer.Ordinal)));

    /// <summary>So that another kind of card is one folder more, and no folder less.</summary>
    [Fact]
    public void Card_IsKnownToTheRootAndTheDiagnosisOnly() =>
        Assert.Empty(
            FolderGraph
                .Library.Arrows.Where(arrow =>
                    arrow.Key.To.StartsWith("Backends/Cuda", StringComparison.Ordinal)
                    && !arrow.Key.From.StartsWith("Backends/Cuda", StringComparison.Ordinal)
                    && arrow.Key.From is not ("." or "Diagnostics")
                )
                .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To}: {string.Join(", ", arrow.Value)}")
        );

    /// <summary>What programs use is in one namespace, wherever its file lies; what they do not is in that of its folder.</summary>
    [Fact]
    public void Namespace_TellsTheFolder() =>
        Assert.Empty(
            from type in typeof(LipSyncEngine).Assembly.GetTypes()
            where
                !type.IsNested
                && type.Namespace?.StartsWith("LatentSync", StringComparison.Ordinal) == true
                && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
            join known in FolderGraph.Library.Types on type.FullName equals known.Name
            let expected = type.IsPublic || known.Folder == "." ? "LatentSync" : $"LatentSync.{known.Folder.Replace('/', '.')}"
            where type.Namespace != expected
            select $"{type.FullName} should be in {expected}"
        );

    [Fact]
    public void Folder_IsSmall() =>
        Assert.All(FolderGraph.Library.Folders, folder =>
            Assert.InRange(Directory.GetFiles(Path.Combine(FolderGraph.SourceFolder, folder), "*.cs").Length, 1, MostFiles)
        );

    [Fact]
    public void File_IsSmall() =>
        Assert.All(FolderGraph.Library.Folders.SelectMany(folder => Directory.GetFiles(Path.Combine(FolderGraph.SourceFolder, folder), "*.cs")), file =>
            Assert.InRange(File.ReadLines(file).Count(), 1, MostLines)
        );
}
