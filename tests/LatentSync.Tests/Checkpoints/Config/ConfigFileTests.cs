using LatentSync.Checkpoints.Config;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints.Config;

public sealed class ConfigFileTests : IDisposable
{
    private const int Longest = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    private string Config => _folder.File("config");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadBytes_IsBounded()
    {
        File.WriteAllBytes(Config, new byte[Longest]);
        Assert.Equal(Longest, ConfigFile.ReadBytes(Config).Length);
        File.WriteAllBytes(Config, new byte[Longest + 1]);
        AssertRefused("larger than 1 MiB", () => ConfigFile.ReadBytes(Config));
        File.WriteAllBytes(Config, []);
        AssertRefused("is empty", () => ConfigFile.ReadBytes(Config));
        File.Delete(Config);
        AssertRefused("does not exist", () => ConfigFile.ReadBytes(Config));
    }

    /// <summary>Kinds of values, through what takes them and nothing else.</summary>
    [Theory]
    [InlineData("5", "integer 5")]
    [InlineData("-5", "integer -5")]
    [InlineData("1e-5", "number 1E-05")]
    [InlineData("0.5", "number 0.5")]
    [InlineData("true", "flag True")]
    [InlineData("True", "flag True")]
    [InlineData("false", "flag False")]
    [InlineData("False", "flag False")]
    [InlineData("~", "nothing")]
    [InlineData("null", "nothing")]
    [InlineData("", "nothing")]
    [InlineData("silu", "text")]
    [InlineData("'5'", "text")]
    [InlineData("\"true\"", "text")]
    public void Yaml_HasTheKindsOfItsPlainWords(string written, string expected)
    {
        File.WriteAllText(Config, $"a: {written}\nb: 1\n");
        Assert.Equal(expected, Kind(YamlConfig.Read(Config)));
    }

    [Theory]
    [InlineData("5", "integer 5")]
    [InlineData("5.0", "number 5")]
    [InlineData("1e400", "number ∞")]
    [InlineData("true", "flag True")]
    [InlineData("false", "flag False")]
    [InlineData("null", "nothing")]
    [InlineData("\"5\"", "text")]
    public void Json_HasItsKinds(string written, string expected)
    {
        File.WriteAllText(Config, $"{{\"a\": {written}}}");
        Assert.Equal(expected, Kind(JsonConfig.Read(Config)));
    }

    /// <summary>The mapping at the top and fourteen lists around a value, and one more than that.</summary>
    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public void Yaml_IsOfASaneDepth(int lists, bool isRead)
    {
        File.WriteAllText(Config, $"a: {new string('[', lists)}1{new string(']', lists)}\n");
        if (isRead)
        {
            Assert.True(YamlConfig.Read(Config).Has("a"));
        }
        else
        {
            AssertRefused("sane depth", () => YamlConfig.Read(Config));
        }
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public void Json_IsOfASaneDepth(int lists, bool isRead)
    {
        File.WriteAllText(Config, $"{{\"a\": {new string('[', lists)}1{new string(']', lists)}}}");
        if (isRead)
        {
            Assert.True(JsonConfig.Read(Config).Has("a"));
        }
        else
        {
            AssertRefused("well-formed JSON", () => JsonConfig.Read(Config));
        }
    }

    [Fact]
    public void Json_WithoutAnObjectAtTheTop_IsRefused()
    {
        File.WriteAllText(Config, "[1]");
        AssertRefused("object at the top", () => JsonConfig.Read(Config));
    }

    private static string Kind(ConfigSection section)
    {
        if (!section.Has("a"))
        {
            return "nothing";
        }

        foreach (var read in (Func<string>[])[Integer, Number, Flag])
        {
            try
            {
                return read();
            }
            catch (LipSyncException)
            {
                // Of another kind.
            }
        }

        return "text";

        string Integer() => Invariant($"integer {section.Integer("a", int.MinValue, int.MaxValue)}");

        string Number() =>
            section.Number("a", double.NegativeInfinity, double.PositiveInfinity) is var number && double.IsInfinity(number)
                ? "number ∞"
                : Invariant($"number {number}");

        string Flag() => Invariant($"flag {section.Flag("a")}");
    }

    private void AssertRefused(string expected, Action read)
    {
        var error = Assert.Throws<LipSyncException>(read);
        Assert.Equal((LipSyncErrorCode.InvalidModel, Config), (error.Code, error.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
