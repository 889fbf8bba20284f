using LatentSync.Faces;
using LatentSync.Faces.Ahead;
using LatentSync.Faces.InsightFace;

namespace LatentSync.Tests.Faces.Ahead;

/// <summary>What scouts have seen is answered at once, the rest is computed, and nobody can tell from the answers.</summary>
public sealed class SightsAheadTests : IDisposable
{
    private const int Left = 0;
    private const int Right = 300;

    private FakeNetworks _own = null!;
    private FakeNetworks _scouted = null!;
    private SightsAhead<ScoredBox, string> _sights = null!;
    private IFaceScout _scout = null!;

    public void Dispose() => _scout.Dispose();

    [Fact]
    public void WhatAScoutSaw_IsNotComputedAgain()
    {
        Create(_ => [Left, Right]);
        var frame = FakeNetworks.Frame(1);
        _scout.Look(frame);
        Assert.Equal(["detect 1", "fit 1 at 0", "fit 1 at 300"], _scouted.Asked);
        Assert.Equal([FakeNetworks.Face(Left), FakeNetworks.Face(Right)], _sights.Detect(frame));
        Assert.Equal(("1 at 300", "1 at 0"), (_sights.Fit(frame, FakeNetworks.Face(Right)), _sights.Fit(frame, FakeNetworks.Face(Left))));
        Assert.Empty(_own.Asked);
    }

    [Fact]
    public void WhatNoScoutSaw_IsComputed()
    {
        Create(_ => [Left], _ => [Right]);
        var (seen, unseen) = (FakeNetworks.Frame(1), FakeNetworks.Frame(2));
        _scout.Look(seen);
        Assert.Equal([FakeNetworks.Face(Left)], _sights.Detect(unseen));
        Assert.Equal("2 at 0", _sights.Fit(unseen, FakeNetworks.Face(Left)));
        Assert.Equal([FakeNetworks.Face(Left)], _sights.Detect(seen));
        Assert.Equal([FakeNetworks.Face(Right)], _sights.DetectMore(seen));
        Assert.Equal("1 at 300", _sights.Fit(seen, FakeNetworks.Face(Right)));
        Assert.Equal(["detect 2", "fit 2 at 0", "more 1", "fit 1 at 300"], _own.Asked);
    }

    /// <summary>Images are used again for later frames.</summary>
    [Fact]
    public void ASight_IsOfOneFrameOnly()
    {
        Create(frame => frame == 1 ? [Left] : [Right]);
        var image = FakeNetworks.Frame(1);
        _scout.Look(image);
        _sights.Detect(image);
        image.Pixels[0] = 2;
        Assert.Equal([FakeNetworks.Face(Right)], _sights.Detect(image));
        Assert.Equal("2 at 300", _sights.Fit(image, FakeNetworks.Face(Right)));
        image.Pixels[0] = 1;
        _scout.Look(image);
        Assert.Equal([FakeNetworks.Face(Left)], _sights.Detect(image));
        Assert.Equal(["detect 2", "fit 2 at 300"], _own.Asked);
    }

    /// <summary>In a shot with a chosen person scouts spend no time on the others; where somebody else appears they do.</summary>
    [Fact]
    public void FacesThatWerePassedOver_AreNotLookedAt()
    {
        Create(frame => frame == 3 ? [150, 450] : [Left, Right]);
        Deal(frame: 1, ask: [Right]);
        _sights.Detect(FakeNetworks.Frame(2));
        _scout.Look(FakeNetworks.Frame(2));
        _scout.Look(FakeNetworks.Frame(3));
        Assert.Equal(["detect 2", "fit 2 at 300", "detect 3", "fit 3 at 150", "fit 3 at 450"], _scouted.Asked);
    }

    [Fact]
    public void WhereAllAreAskedFor_AllAreLookedAt()
    {
        Create(_ => [Left, Right]);
        Deal(frame: 1, ask: [Left, Right]);
        _sights.Detect(FakeNetworks.Frame(2));
        _scout.Look(FakeNetworks.Frame(2));
        Assert.Equal(["detect 2", "fit 2 at 0", "fit 2 at 300"], _scouted.Asked);
    }

    [Fact]
    public void TheOtherDetector_IsAskedWhereTheFirstSeesNothing()
    {
        Create(frame => frame == 1 ? [] : [Left], _ => [Right]);
        var frame = FakeNetworks.Frame(1);
        _scout.Look(frame);
        _scout.Look(FakeNetworks.Frame(2));
        Assert.Equal(["detect 1", "more 1", "fit 1 at 300", "detect 2", "fit 2 at 0"], _scouted.Asked);
        Assert.Empty(_sights.Detect(frame));
        Assert.Equal([FakeNetworks.Face(Right)], _sights.DetectMore(frame));
        Assert.Equal("1 at 300", _sights.Fit(frame, FakeNetworks.Face(Right)));
        Assert.Empty(_own.Asked);
    }

    [Fact]
    public void TheOtherDetector_IsAskedWhileAFaceIsMissing()
    {
        Create(_ => [Left], _ => [Right]);
        var frame = FakeNetworks.Frame(1);
        _sights.Detect(frame);
        _sights.DetectMore(frame);
        _sights.Fit(frame, FakeNetworks.Face(Right));
        _sights.Detect(FakeNetworks.Frame(2));
        _scout.Look(FakeNetworks.Frame(2));
        Assert.Equal(["detect 2", "more 2", "fit 2 at 300"], _scouted.Asked);
        _sights.Fit(FakeNetworks.Frame(2), FakeNetworks.Face(Left));
        _sights.Detect(FakeNetworks.Frame(3));
        _scout.Look(FakeNetworks.Frame(3));
        Assert.Equal(["detect 3", "fit 3 at 0"], _scouted.Asked[3..]);
    }

    [Fact]
    public void NetworksOfAScout_AreLoadedWithTheFirstLook_AndFreedWithIt()
    {
        Create(_ => []);
        Assert.Null(_scouted);
        _scout.Look(FakeNetworks.Frame(1));
        _scout.Look(FakeNetworks.Frame(2));
        Assert.Equal(4, _scouted!.Asked.Count);
        _scout.Dispose();
        Assert.Equal((true, false), (_scouted.IsDisposed, _own.IsDisposed));
        using var unused = _sights.CreateScout();
    }

    private void Create(Func<int, int[]> script, Func<int, int[]>? more = null)
    {
        _own = new FakeNetworks(script, more);
        _sights = new SightsAhead<ScoredBox, string>(_own, () => _scouted = new FakeNetworks(script, more));
        _scout = _sights.CreateScout();
    }

    private void Deal(int frame, int[] ask)
    {
        var image = FakeNetworks.Frame(frame);
        _sights.Detect(image);
        Array.ForEach(ask, left => _sights.Fit(image, FakeNetworks.Face(left)));
    }
}
