using System.Reflection;
using System.Text;
using LatentSync.TestKit;

namespace LatentSync.Tests.Architecture;

/// <summary>The library's public surface, as an approved text file: changing it is a decision, not an accident.</summary>
public class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler adds to every record.
    private static readonly string[] RecordMembers =
        ["ToString", "GetHashCode", "Equals", "op_Equality", "op_Inequality", "<Clone>$", "Deconstruct"];

    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        var folder = Path.Combine(RepositoryFolder.Path, "tests", "LatentSync.Tests", "Architecture");
        var approved = Path.Combine(folder, "PublicApi.approved.txt");
        var actual = Describe();
        if (!File.Exists(approved) || File.ReadAllText(approved) != actual)
        {
            File.WriteAllText(Path.Combine(folder, "PublicApi.received.txt"), actual);
            Assert.Fail("The public API changed; if that is meant, rename PublicApi.received.txt to PublicApi.approved.txt.");
        }
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(LipSyncEngine).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            var members = type.GetMembers(Declared)
                .Where(member => member is not MethodBase { IsSpecialName: true, IsConstructor: false } && !RecordMembers.Contains(member.Name, StringComparer.Ordinal))
                .Select(member => member is FieldInfo { IsLiteral: true } constant ? $"{constant.Name} = {constant.GetRawConstantValue()}" : member.ToString()!);
            foreach (var member in members.Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }
}
