using LatentSync.FrontEnd.Engines;
using LatentSync.TestKit;
using LatentSync.Tests.ModelStore;

namespace LatentSync.Tests.FrontEnd;

/// <summary>Which model is taken, in which order, and what is said about it.</summary>
public sealed class ModelLocationTests : IDisposable
{
    private readonly PullSetup _setup = new();
    private readonly TemporaryFolder _folder = new();
    private string? _variable;

    private ModelLocation Location => new(_setup.Library, name => name == "LATENTSYNC_MODELS" ? _variable : null, _folder.Path);

    public void Dispose()
    {
        _setup.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task EachPlace_GoesBeforeTheNext()
    {
        var shipped = _setup.Ship("demo");
        var choice = Location.Choose(given: null);
        Assert.Equal(shipped, choice.Folder);
        Assert.Equal(
            "No model was named: using the built-in demonstration model; \"latentsync models pull latentsync-1.6\" gets the full one.",
            Invariant(choice.Notice!)
        );

        await _setup.PullAsync();
        var stored = Path.Combine(_setup.Store, PullSetup.Name);
        Assert.Equal((stored, "it is the only model in the store"), Choose(given: null));
        Assert.Equal($"Using the model {PullSetup.Name} ({stored}).", Invariant(Location.Choose(given: null).Notice!));

        Directory.CreateDirectory(_folder.File("checkpoints"));
        Assert.Equal(("checkpoints", "it is in ./checkpoints"), Choose(given: null));

        _variable = "/of the environment";
        Assert.Equal((_variable, "LATENTSYNC_MODELS names it"), Choose(given: null));

        Assert.Equal(("/given", "--models names it"), Choose("/given"));
    }

    [Fact]
    public async Task Name_IsThatOfAModel_UnlessSuchAFolderExists()
    {
        var shipped = _setup.Ship("demo");
        await _setup.PullAsync();
        Assert.Equal(shipped, Location.Choose("demo").Folder);
        Assert.Equal(Path.Combine(_setup.Store, PullSetup.Name), Location.Choose(PullSetup.Name).Folder);
        Directory.CreateDirectory(_folder.File("demo"));
        Assert.Equal("demo", Location.Choose("demo").Folder);
        Assert.Equal("no such thing", Location.Resolve("no such thing"));
    }

    [Fact]
    public void Variable_MayNameAModelToo()
    {
        _variable = "demo";
        Assert.Equal(_setup.Ship("demo"), Location.Choose(given: null).Folder);
    }

    [Fact]
    public void NoModelAtAll_SaysWhereToPutOne() =>
        AssertRefused(
            () => Location.Choose(given: null),
            LipSyncErrorCode.InvalidModel,
            "--models FOLDER",
            "LATENTSYNC_MODELS",
            "./checkpoints",
            "latentsync models pull latentsync-1.6"
        );

    [Fact]
    public async Task SeveralModelsInTheStore_HaveToBeChosenFrom_AlthoughOneIsBuiltIn()
    {
        _setup.Ship("demo");
        await _setup.PullAsync();
        var second = Path.Combine(_setup.Store, "second");
        Directory.Move(Path.Combine(_setup.Store, PullSetup.Name), second);
        await _setup.PullAsync();
        AssertRefused(() => Location.Choose(given: null), LipSyncErrorCode.InvalidOptions, $"choose one with --models: second, {PullSetup.Name}.");
    }

    [Fact]
    public void KnownModelThatIsNotHere_IsExplained() =>
        AssertRefused(() => Location.Choose(PullSetup.Name), LipSyncErrorCode.InvalidModel, $"get it with \"latentsync models pull {PullSetup.Name}\"");

    [Fact]
    public void BuiltInModel_ThatIsDamagedIsRefusedHoweverItIsNamed()
    {
        var shipped = _setup.Ship("demo");
        File.Delete(Path.Combine(shipped, PullSetup.ShippedFile));
        foreach (var choose in (Action[])[() => Location.Choose(given: null), () => Location.Choose("demo"), () => Location.RequireBuiltIn()])
        {
            AssertRefused(choose, LipSyncErrorCode.InvalidModel, shipped, "is not complete", "latentsync models verify demo");
        }
    }

    [Fact]
    public void BuiltInModel_ThatIsMissingIsExplained() => AssertRefused(() => Location.RequireBuiltIn(), LipSyncErrorCode.InvalidModel, "models/demo");

    private static void AssertRefused(Action choose, LipSyncErrorCode code, params string[] parts)
    {
        var error = Assert.Throws<LipSyncException>(choose);
        Assert.Equal(code, error.Code);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private (string Folder, string Reason) Choose(string? given) => (Location.Choose(given).Folder, Invariant(Location.Choose(given).Reason));
}
