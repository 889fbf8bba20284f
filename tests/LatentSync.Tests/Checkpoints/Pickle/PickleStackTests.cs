using LatentSync.Checkpoints.Pickle;

namespace LatentSync.Tests.Checkpoints.Pickle;

public class PickleStackTests
{
    private const int MostValues = 200_000;
    private const int MostMarks = 64;
    private const uint MostMemo = 1 << 20;

    [Fact]
    public void PopToMark_GivesWhatIsAboveIt_InItsOrder()
    {
        var stack = Stack(1);
        stack.Mark();
        stack.Push(2);
        stack.Mark();
        stack.Push(3);
        stack.Push(4);
        Assert.Equal([3, 4], stack.PopToMark());
        Assert.Equal([2], stack.PopToMark());
        Assert.Equal(1, stack.Pop());
    }

    [Fact]
    public void Pop_OfSeveral_KeepsTheirOrder() => Assert.Equal([2, 3], Stack(1, 2, 3).Pop(2));

    [Fact]
    public void WhatIsBelowAMark_IsNotTaken()
    {
        var stack = Stack(1);
        stack.Mark();
        AssertRefused("not there", () => stack.Pop());
        AssertRefused("not there", () => stack.Peek());
        stack.Push(2);
        AssertRefused("not there", () => stack.Pop(2));
    }

    [Fact]
    public void WithoutAMark_NoneIsTaken() => AssertRefused("mark", () => Stack(1).PopToMark());

    [Fact]
    public void TheMemo_GivesBackWhatWasOnTop()
    {
        var stack = Stack("a");
        stack.Memoize(3);
        stack.Push("b");
        stack.Memoize();
        stack.Push("c");
        stack.Recall(3);
        Assert.Equal("a", stack.Pop());
        stack.Recall(4);
        Assert.Equal(["c", "b"], stack.Pop(2));
        AssertRefused("never stored", () => stack.Recall(2));
        AssertRefused("never stored", () => stack.Recall(5));
    }

    [Fact]
    public void TheSizes_AreBounded()
    {
        var stack = new PickleStack("m.pt");
        for (var i = 0; i < MostValues; i++)
        {
            stack.Push(i);
        }

        AssertRefused("more values", () => stack.Push(0));
        for (var i = 0; i < MostMarks; i++)
        {
            stack.Mark();
        }

        AssertRefused("more levels", stack.Mark);
        var other = Stack(7);
        other.Memoize(MostMemo - 1);
        other.Recall(MostMemo - 1);
        Assert.Equal(7, other.Pop());
        AssertRefused("more memo slots", () => other.Memoize(MostMemo));
        AssertRefused("more memo slots", other.Memoize);
    }

    private static PickleStack Stack(params object[] values)
    {
        var stack = new PickleStack("m.pt");
        Array.ForEach(values, stack.Push);
        return stack;
    }

    private static void AssertRefused(string expected, Action act)
    {
        var error = Assert.Throws<LipSyncException>(act);
        Assert.Equal((LipSyncErrorCode.InvalidModel, "m.pt"), (error.Code, error.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
