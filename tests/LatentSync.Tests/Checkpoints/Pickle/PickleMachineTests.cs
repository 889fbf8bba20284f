using LatentSync.Checkpoints.Pickle;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Pickle;

/// <summary>Instructions as Python's pickletools describes them.</summary>
public class PickleMachineTests
{
    [Theory]
    [InlineData(new byte[] { (byte)'N' }, null)]
    [InlineData(new byte[] { 0x88 }, true)]
    [InlineData(new byte[] { 0x89 }, false)]
    [InlineData(new byte[] { (byte)'J', 0xfe, 0xff, 0xff, 0xff }, -2L)]
    [InlineData(new byte[] { (byte)'K', 200 }, 200L)]
    [InlineData(new byte[] { (byte)'M', 1, 2 }, 0x201L)]
    [InlineData(new byte[] { 0x8a, 1, 0xfd }, -3L)]
    [InlineData(new byte[] { (byte)'G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0 }, 1.5)]
    [InlineData(new byte[] { (byte)'X', 2, 0, 0, 0, (byte)'a', (byte)'b' }, "ab")]
    [InlineData(new byte[] { 0x8c, 1, (byte)'a' }, "a")]
    [InlineData(new byte[] { 0x8d, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'a' }, "a")]
    public void Constants_AreRead(byte[] instructions, object? expected) => Assert.Equal(expected, Read(new PickleWriter().Raw(instructions)));

    [Theory]
    [InlineData(new byte[] { (byte)')' })]
    [InlineData(new byte[] { (byte)'K', 1, 0x85 }, 1)]
    [InlineData(new byte[] { (byte)'K', 1, (byte)'K', 2, 0x86 }, 1, 2)]
    [InlineData(new byte[] { (byte)'K', 1, (byte)'K', 2, (byte)'K', 3, 0x87 }, 1, 2, 3)]
    [InlineData(new byte[] { (byte)'(', (byte)'K', 1, (byte)'K', 2, (byte)'t' }, 1, 2)]
    [InlineData(new byte[] { (byte)']' })]
    [InlineData(new byte[] { (byte)'(', (byte)'K', 1, (byte)'K', 2, (byte)'l' }, 1, 2)]
    [InlineData(new byte[] { (byte)']', (byte)'K', 1, (byte)'a', (byte)'K', 2, (byte)'a' }, 1, 2)]
    [InlineData(new byte[] { (byte)']', (byte)'(', (byte)'K', 1, (byte)'K', 2, (byte)'e' }, 1, 2)]
    public void TuplesAndLists_HoldTheirItemsInOrder(byte[] instructions, params int[] expected) =>
        Assert.Equal(expected.Select(item => (object)(long)item), Assert.IsAssignableFrom<IEnumerable<object?>>(Read(new PickleWriter().Raw(instructions))));

    [Theory]
    [InlineData('K', 1, '2', '0')] // twice, less one
    [InlineData('K', 1, '(', 'K', 2, '1')] // what is above a mark is dropped
    [InlineData('K', 1, 'q', 3, 'K', 2, 'h', 3)] // remembered and recalled
    [InlineData('K', 1, 'r', 3, 0, 0, 0, 'K', 2, 'j', 3, 0, 0, 0)]
    [InlineData('K', 1, '\u0094', 'K', 2, '\u0094', 'h', 0)]
    public void TheStackAndTheMemo_AreArranged(params object[] instructions) =>
        Assert.Equal(1L, Read(new PickleWriter().Raw([.. instructions.Select(Convert.ToByte)])));

    [Fact]
    public void Dictionaries_TakeEntriesOneByOneAndTogether()
    {
        var one = new PickleWriter().Op('}').Text("a").Integer(1).Op('s').Op('(').Text("b").Integer(2).Text("c").Integer(3).Op('u');
        AssertEntries(one, ("a", 1), ("b", 2), ("c", 3));
        AssertEntries(new PickleWriter().Op('(').Text("a").Integer(1).Text("b").Integer(2).Op('d'), ("a", 1), ("b", 2));
        AssertEntries(new PickleWriter().OrderedDict().Text("a").Integer(1).Op('s'), ("a", 1));
    }

    [Fact]
    public void ProtocolsTwoToFive_AreRead()
    {
        for (byte protocol = 2; protocol <= 5; protocol++)
        {
            Assert.Null(PickleMachine.Read([0x80, protocol, (byte)'N', (byte)'.'], "m.pt"));
        }
    }

    [Fact]
    public void AnOddListOfEntries_IsRefused()
    {
        var error = Assert.Throws<LipSyncException>(() => Read(new PickleWriter().Op('(').Text("a").Op('d')));
        Assert.Contains("no dictionary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassNamedByANumber_IsRefused()
    {
        var error = Assert.Throws<LipSyncException>(() => Read(new PickleWriter().Text("torch").Integer(1).Raw(0x93)));
        Assert.Contains("no text", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FloatStorage", "Float32")]
    [InlineData("HalfStorage", "Float16")]
    [InlineData("BFloat16Storage", "BFloat16")]
    [InlineData("DoubleStorage", "Float64")]
    [InlineData("LongStorage", "Int64")]
    [InlineData("IntStorage", "Int32")]
    [InlineData("ShortStorage", "Int16")]
    [InlineData("CharStorage", "Int8")]
    [InlineData("ByteStorage", "UInt8")]
    [InlineData("BoolStorage", "Bool")]
    public void Storages_HaveTheTypeOfTheirClass(string name, string type)
    {
        var tensor = Assert.IsType<PickledTensor>(Read(new PickleWriter().Tensor(name, "0", 30, 4, [2, 3], [3, 1])));
        Assert.Equal((type, "0", 30L, 4L), (tensor.Storage.Type.ToString(), tensor.Storage.Key, tensor.Storage.ElementCount, tensor.FirstElement));
        Assert.Equal([2L, 3], tensor.Shape);
        Assert.Equal([3L, 1], tensor.Strides);
    }

    /// <summary>PyTorch 2 adds the metadata of a tensor; another number of arguments is nothing that it writes.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(0, false)]
    [InlineData(3, false)]
    public void ATensor_HasSixOrSevenArguments(int afterStrides, bool isRead)
    {
        var pickle = new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2").Op('(').Op('(').Text("storage").Global("torch", "FloatStorage");
        pickle.Text("0").Text("cpu").Integer(1).Op('t').Op('Q').Integer(0).Integers(1).Integers(1).Raw(0x89);
        for (var i = 0; i < afterStrides; i++)
        {
            pickle.Op('N');
        }

        pickle.Op('t').Op('R');
        if (isRead)
        {
            Assert.IsType<PickledTensor>(Read(pickle));
        }
        else
        {
            Assert.Throws<LipSyncException>(() => Read(pickle));
        }
    }

    [Fact]
    public void AShapeOfOtherThingsThanIntegers_IsRefused()
    {
        var pickle = new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2").Op('(').Op('(').Text("storage").Global("torch", "FloatStorage");
        pickle.Text("0").Text("cpu").Integer(1).Op('t').Op('Q').Integer(0).Op('(').Text("1").Op('t').Integers(1).Raw(0x89).Op('N').Op('t').Op('R');
        Assert.Contains("not made of integers", Assert.Throws<LipSyncException>(() => Read(pickle)).Message, StringComparison.Ordinal);
    }

    private static void AssertEntries(PickleWriter pickle, params (string Name, long Value)[] expected) =>
        Assert.Equal(
            expected.Select(entry => KeyValuePair.Create(entry.Name, (object?)entry.Value)),
            Assert.IsType<PickledDictionary>(Read(pickle)).Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
        );

    private static object? Read(PickleWriter pickle) => PickleMachine.Read(pickle.Op('.').ToArray(), "m.pt");
}
