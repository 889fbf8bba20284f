using LatentSync.Checkpoints.Config;

namespace LatentSync.Tests.Checkpoints.Config;

public class ConfigSectionTests
{
    private static readonly ConfigSection Section = new(
        "c.yaml",
        "model.",
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["one"] = 1L,
            ["eight"] = 8L,
            ["half"] = 0.5,
            ["yes"] = true,
            ["text"] = "silu",
            ["nothing"] = null,
            ["list"] = new List<object?> { 1L, 8L },
            ["texts"] = new List<object?> { "a", "b" },
            ["mixed"] = new List<object?> { "a", 1L },
            ["empty"] = new List<object?>(),
            ["group"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["inner"] = 3L },
        }
    );

    [Theory]
    [InlineData("one", 1, 8, true)]
    [InlineData("eight", 1, 8, true)]
    [InlineData("one", 2, 8, false)]
    [InlineData("eight", 1, 7, false)]
    [InlineData("half", 0, 1, false)]
    [InlineData("nothing", 0, 1, false)]
    public void Integer_HasToBeInItsRange(string key, int min, int max, bool isRead)
    {
        if (isRead)
        {
            Assert.Equal(key == "one" ? 1 : 8, Section.Integer(key, min, max));
        }
        else
        {
            AssertRefused(key, Invariant($"an integer from {min} to {max}"), () => Section.Integer(key, min, max));
        }
    }

    [Theory]
    [InlineData("half", 0.5, 1, 0.5)]
    [InlineData("half", 0, 0.5, 0.5)]
    [InlineData("eight", 0, 8, 8.0)]
    [InlineData("half", 0.6, 1, null)]
    [InlineData("half", 0, 0.4, null)]
    [InlineData("text", 0, 1, null)]
    public void Number_HasToBeInItsRange(string key, double min, double max, double? expected)
    {
        if (expected is { } value)
        {
            Assert.Equal(value, Section.Number(key, min, max));
        }
        else
        {
            AssertRefused(key, "a number", () => Section.Number(key, min, max));
        }
    }

    [Fact]
    public void WhatIsNotThere_IsTheFallback_OrLacking()
    {
        Assert.Equal(5, Section.Integer("nothing", 1, 8, fallback: 5));
        Assert.Equal(1, Section.Integer("one", 1, 8, fallback: 5));
        Assert.Equal(0.25, Section.Number("missing", 0, 1, fallback: 0.25));
        Assert.True(Section.Flag("missing", fallback: true));
        Assert.True(Section.Flag("yes", fallback: false));
        Assert.False(Section.Flag("missing", fallback: false));
        var error = Assert.Throws<LipSyncException>(() => Section.Flag("missing"));
        Assert.Equal("The configuration \"c.yaml\" lacks model.missing; it needs true or false.", error.Message);
    }

    [Fact]
    public void Has_WhatIsSetToSomething()
    {
        Assert.True(Section.Has("one"));
        Assert.False(Section.Has("nothing"));
        Assert.False(Section.Has("missing"));
    }

    [Fact]
    public void Lists_AreOfOneKind_AndOfALength()
    {
        Assert.Equal([1, 8], Section.Integers("list", 1, 8, maxCount: 2));
        Assert.Equal(["a", "b"], Section.Texts("texts", maxCount: 2));
        AssertRefused("list", "a list of 1 to 1 values", () => Section.Integers("list", 1, 8, maxCount: 1));
        AssertRefused("list", "an integer from 2 to 8", () => Section.Integers("list", 2, 8, maxCount: 2));
        AssertRefused("list", "an integer from 1 to 7", () => Section.Integers("list", 1, 7, maxCount: 2));
        AssertRefused("mixed", "an integer", () => Section.Integers("mixed", 1, 8, maxCount: 2));
        AssertRefused("mixed", "a list of names", () => Section.Texts("mixed", maxCount: 2));
        AssertRefused("empty", "a list of 1 to 2 values", () => Section.Texts("empty", maxCount: 2));
        AssertRefused("text", "a list of 1 to 2 values", () => Section.Texts("text", maxCount: 2));
    }

    [Fact]
    public void RequireIfPresent_TakesTheSupportedValueOnly()
    {
        Section.RequireIfPresent("missing", "silu");
        Section.RequireIfPresent("nothing", "silu");
        Section.RequireIfPresent("text", "silu");
        AssertRefused("text", "silu instead of gelu", () => Section.RequireIfPresent("text", "gelu"));
        AssertRefused("yes", "true instead of false", () => Section.RequireIfPresent("yes", false));
        AssertRefused("list", "a list instead of silu", () => Section.RequireIfPresent("list", "silu"));
        AssertRefused("group", "a group of settings instead of 1", () => Section.RequireIfPresent("group", 1L));

        // 1.0 is 1, however it is written.
        var written = new ConfigSection("c.yaml", "", new Dictionary<string, object?>(StringComparer.Ordinal) { ["one"] = 1.0, ["other"] = 1.5 });
        written.RequireIfPresent("one", 1L);
        Assert.Throws<LipSyncException>(() => written.RequireIfPresent("other", 1L));
    }

    [Fact]
    public void Section_NamesItsSettingsInFull()
    {
        Assert.Equal(3, Section.Section("group").Integer("inner", 1, 8));
        Assert.False(Section.Section("missing").Has("inner"));
        var error = Assert.Throws<LipSyncException>(() => Section.Section("group").Integer("outer", 1, 8));
        Assert.Contains("lacks model.group.outer", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "lacks model.missing.inner",
            Assert.Throws<LipSyncException>(() => Section.Section("missing").Integer("inner", 1, 8)).Message,
            StringComparison.Ordinal
        );
        AssertRefused("text", "a group of settings", () => Section.Section("text"));
    }

    private static void AssertRefused(string key, string expected, Action read)
    {
        var error = Assert.Throws<LipSyncException>(read);
        Assert.Equal((LipSyncErrorCode.InvalidModel, "c.yaml"), (error.Code, error.Path));
        Assert.Contains("model." + key, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
