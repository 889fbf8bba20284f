using System.Text;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints;

public class HostilePickleTests
{
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("torch._utils", "_rebuild_tensor")]
    [InlineData("torch", "Tensor")]
    [InlineData("numpy.core.multiarray", "_reconstruct")]
    public void Global_OutsideTheList_IsRefusedByItsFullName(string module, string name)
    {
        CheckpointFiles.AssertPickleRefused(
            new PickleWriter().Global(module, name).Op('(').Text("touch /tmp/pwned").Op('t').Op('R').Op('.'),
            $"refers to {module}.{name}"
        );
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Text(module).Text(name).Raw(0x93).Op('.'), $"refers to {module}.{name}");
        CheckpointFiles.AssertPickleRefused(
            new PickleWriter().Op('(').Op('i').Raw([.. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]).Op('.'),
            $"refers to {module}.{name}"
        );
    }

    [Fact]
    public void Name_WithControlCharacters_CannotDriveTheTerminal() =>
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Global("\u001b[2Jevil\u202e", "x").Op('.'), "?[2Jevil?.x");

    [Fact]
    public void Reduce_OfSomethingElse_IsRefused()
    {
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Text("no class").Op(')').Op('R').Op('.'), "calls something");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Global("torch", "FloatStorage").Op(')').Op('R').Op('.'), "calls something");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Global("collections", "OrderedDict").Op(']').Raw(0x85).Op('R').Op('.'), "calls something");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R').Op('.'), "calls something");
        CheckpointFiles.AssertPickleRefused(
            new PickleWriter().Global("torch._utils", "_rebuild_parameter").Integers(1, 2, 3).Op('R').Op('.'),
            "calls something"
        );
    }

    [Fact]
    public void Build_WithOddTargetOrState_IsRefused()
    {
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('}').Op('}').Op('b').Op('.'), "sets attributes");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().OrderedDict().Text("state").Op('b').Op('.'), "sets attributes");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().OrderedDict().Op('N').Op('}').Raw(0x86).Op('b').Op('.'), "sets attributes");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Global("collections", "OrderedDict").Op('}').Op('b').Op('.'), "sets attributes");
    }

    [Theory]
    [InlineData('o')]
    [InlineData('P')]
    [InlineData('S')]
    [InlineData('I')]
    [InlineData('\u0081')]
    [InlineData('\u0082')]
    [InlineData('\u0092')]
    [InlineData('\u0097')]
    [InlineData('\u00ff')]
    public void Instruction_OutsideTheList_IsRefused(char instruction) =>
        CheckpointFiles.AssertPickleRefused(
            new PickleWriter().Op('}').Op(')').Op(instruction),
            string.Create(CultureInfo.InvariantCulture, $"instruction 0x{(int)instruction:x2}")
        );

    [Fact]
    public void PersistentId_OfAnotherForm_IsRefused()
    {
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Text("storage").Op('Q').Op('.'), "refers to a storage");
        CheckpointFiles.AssertPickleRefused(
            new PickleWriter().Op('(').Text("module").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(1).Op('t').Op('Q').Op('.'),
            "refers to a storage"
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    public void Protocol_OutOfRange_IsRefused(byte protocol) =>
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Raw(0x80, protocol).Op('}').Op('.'), "protocol");

    public static TheoryData<string, long, long, long[], long[]> BadTensors { get; } =
        new()
        {
            { "storage longer than its member", 17, 0, [1], [1] },
            { "storage of negative length", -1, 0, [1], [1] },
            { "shape beyond the storage", 16, 0, [17], [1] },
            { "offset beyond the storage", 16, 16, [1], [1] },
            { "negative offset", 16, -1, [1], [1] },
            { "negative axis", 16, 0, [-1], [1] },
            { "two negative axes", 16, 0, [-4, -4], [1, 1] },
            { "negative stride", 16, 15, [4], [-1] },
            { "stride beyond the storage", 16, 0, [2], [16] },
            { "expanded tensor", 16, 0, [1L << 40], [0] },
            { "overflowing shape", 16, 0, [1L << 32, 1L << 32], [1, 1] },
            { "overflowing stride", 16, 0, [3, 3], [long.MaxValue / 2, long.MaxValue / 2] },
            { "overflowing offset", 16, long.MaxValue, [2], [1] },
            { "fewer strides than axes", 16, 0, [2, 2], [1] },
            { "nine axes", 16, 0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1] },
            { "empty but beyond the storage", 16, 17, [0], [1] },
        };

    [Theory]
    [MemberData(nameof(BadTensors))]
    public void Tensor_OutsideItsStorage_IsRefused(string what, long storageLength, long first, long[] shape, long[] strides)
    {
        Assert.NotEmpty(what);
        CheckpointFiles.AssertRefused(TorchArchiveWriter.Pack(CheckpointFiles.OneTensor(storageLength, first, shape, strides), [new byte[64]]), "is damaged");
    }

    [Fact]
    public void Tensor_WithoutItsStorage_IsRefused() =>
        CheckpointFiles.AssertRefused(TorchArchiveWriter.Pack(CheckpointFiles.OneTensor(1, 0, [1], [1]), []), "missing");

    [Fact]
    public void Pickle_ThatTakesWhatIsNotThere_IsRefused()
    {
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('.'), "not there");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('0'), "not there");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('t'), "mark");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('}').Op('(').Op('0'), "not there");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Raw((byte)'h', 5), "never stored");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('N').Raw((byte)'q', 9).Raw((byte)'h', 5), "never stored");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('N').Op('N').Op('a'), "no list");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('}').Op('(').Op('N').Op('u'), "no dictionary");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('}').Text("k").Op('N').Op('s').Text("k").Op('N').Op('s').Op('.'), "two entries");
    }

    [Fact]
    public void Bombs_AreRefused()
    {
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Raw([.. Enumerable.Repeat((byte)'(', 1000)]), "more levels");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Raw([.. Enumerable.Repeat((byte)'N', 300_000)]), "more values");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('N').Op('r').UInt32(uint.MaxValue), "more memo slots");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('N').Raw([.. Enumerable.Repeat((byte)0x94, 2_000_000)]), "more memo slots");
        CheckpointFiles.AssertPickleRefused(
            new PickleWriter().Raw([.. Enumerable.Repeat((byte[])[(byte)'N', (byte)'0'], 5_000_001).SelectMany(pair => pair)]),
            "more instructions"
        );
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op('X').UInt32(uint.MaxValue), "a text of 4294967295 bytes");
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Raw(0x8a, 200).Raw(new byte[200]), "more than 64 bits");
    }

    [Fact]
    public void DeeplyNestedValues_DoNotOverflowTheStack()
    {
        // A tuple in a tuple in a tuple..., a hundred thousand times, as the value under one key.
        var pickle = new PickleWriter().Op('}').Text("deep").Op(')').Raw([.. Enumerable.Repeat((byte)0x85, 100_000)]).Op('s').Op('.');
        CheckpointFiles.AssertPickleRefused(pickle, "holds no tensors");

        // A dictionary that holds itself.
        var cycle = new PickleWriter().Op('}').Raw((byte)'q', 0).Text("state_dict").Raw((byte)'h', 0).Op('s').Op('.');
        CheckpointFiles.AssertPickleRefused(cycle, "holds no tensors");
    }

    [Fact]
    public void Value_OtherThanADictionary_IsRefused() =>
        CheckpointFiles.AssertPickleRefused(new PickleWriter().Op(']').Op('.'), "something else than a dictionary");
}
