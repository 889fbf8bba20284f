using LatentSync.Faces;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces;

public sealed class FaceNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("network.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FillsTheOutputsFromTheInput()
    {
        Write();
        using var network = new FaceNetwork(Model, [1, 3], ("second", [1, 2]), ("first", [1, 1]));
        network.Input.Span[2] = 5;
        network.Run();
        Assert.Equal([10, 110], network.Outputs[0].Data);
        Assert.Equal([7], network.Outputs[1].Data);
    }

    [Fact]
    public void OutputsWithoutAName_AreTakenInTheirOrder()
    {
        Write();
        using var network = new FaceNetwork(Model, [1, 3], (string.Empty, [1, 1]), (string.Empty, [1, 2]));
        network.Run();
        Assert.Equal([7], network.Outputs[0].Data);
        Assert.Equal([10, 100], network.Outputs[1].Data);
    }

    [Fact]
    public void ANetworkWithMoreOutputs_IsAnother()
    {
        Write();
        AssertUnfit(() => new FaceNetwork(Model, [1, 3], (string.Empty, [1, 1])));
    }

    [Fact]
    public void ANetworkOfOtherShapes_IsAnother()
    {
        Write();
        AssertUnfit(() => new FaceNetwork(Model, [1, 4], (string.Empty, [1, 1]), (string.Empty, [1, 2])));
        AssertUnfit(() => new FaceNetwork(Model, [1, 3], (string.Empty, [1, 1]), (string.Empty, [1, 3])));
        AssertUnfit(() => new FaceNetwork(Model, [1, 3], (string.Empty, [1, 1]), ("third", [1, 2])));
    }

    [Fact]
    public void AFileThatIsNoNetwork_IsDamaged()
    {
        File.WriteAllText(Model, "<!DOCTYPE html>");
        AssertUnfit(() => new FaceNetwork(Model, [1, 3], (string.Empty, [1, 1])));
    }

    private void Write()
    {
        var network = new MadeUpNetwork(1, 3);
        network.Add("first", 1, 1)[0] = 7;
        var second = network.Add("second", 1, 2);
        (second[0], second[1]) = (10, 100);
        network.Watch("second", element: 1, input: 2, gain: 2);
        network.Write(Model);
    }

    private void AssertUnfit(Func<FaceNetwork> open)
    {
        var error = Assert.Throws<LipSyncException>(() => open().Dispose());
        Assert.Equal((LipSyncErrorCode.InvalidModel, Model), (error.Code, error.Path));
    }
}
