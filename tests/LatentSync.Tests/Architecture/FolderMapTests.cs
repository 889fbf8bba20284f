namespace LatentSync.Tests.Architecture;

public class FolderMapTests
{
    [Fact]
    public void Map_IsThatOfTheCompiledTypes()
    {
        var document = File.ReadAllText(FolderMap.DocumentPath);
        var drawn = FolderMap.Draw(document, FolderGraph.Library);
        if (Environment.GetEnvironmentVariable(FolderMap.WriteVariable) is not null)
        {
            File.WriteAllText(FolderMap.DocumentPath, drawn);
        }
        else if (drawn != document)
        {
            Assert.Fail("The map in docs/architecture.md is not that of the code; draw it again with eng/architecture.sh.");
        }
    }
}
