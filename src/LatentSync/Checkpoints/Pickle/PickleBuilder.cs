using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>What the allowed names of a pickle stand for. Their meaning is built in; no code of the file is run.</summary>
internal static class PickleBuilder
{
    /// <summary>The value of calling an allowed name.</summary>
    /// <exception cref="LipSyncException">It is called with something else than torch.save writes.</exception>
    public static object Call(object? callable, object? arguments, string path) =>
        (callable as PickleGlobal, arguments as object?[]) switch
        {
            ({ Kind: PickleGlobalKind.OrderedDict }, []) => new PickledDictionary(isOrdered: true),

            // storage, first element, shape, strides, requires_grad, backward hooks, and since PyTorch 2 metadata
            ({ Kind: PickleGlobalKind.RebuildTensor }, [PickledStorage storage, long first, object?[] shape, object?[] strides, ..] and { Length: 6 or 7 }) =>
                new PickledTensor(storage, first, Integers(shape, path), Integers(strides, path)),

            // data, requires_grad, backward hooks
            ({ Kind: PickleGlobalKind.RebuildParameter }, [PickledTensor tensor, _, _]) => tensor,

            _ => throw PickleErrors.Refused(path, $"calls something in its pickle in a way plain weights never do"),
        };

    /// <summary>The storage that a persistent id ('storage', type, key, device, element count) names.</summary>
    /// <exception cref="LipSyncException">It is anything else.</exception>
    public static PickledStorage Storage(object? persistentId, string path) =>
        persistentId is object?[] and ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } storage, string key, string, long count]
            ? new PickledStorage(storage.Type, key, count)
            : throw ModelErrors.Refused(path, $"refers to a storage in a way torch.save never writes; get the model from another source");

    /// <summary>
    /// A state dict carries version numbers as an attribute. Attributes are of no use here, but anything except a plain
    /// dictionary of them on an OrderedDict is a sign of an attack.
    /// </summary>
    /// <exception cref="LipSyncException">Target or state are something else.</exception>
    public static void RequireHarmlessState(object? state, object? target, string path)
    {
        if (target is not PickledDictionary { IsOrdered: true } || state is not PickledDictionary)
        {
            throw PickleErrors.Refused(path, $"sets attributes in its pickle in a way plain weights never do");
        }
    }

    private static long[] Integers(object?[] values, string path)
    {
        if (values.Length > StoredTensor.MaxRank)
        {
            throw ModelErrors.Damaged(path, $"a tensor in it has {values.Length} axes");
        }

        return Array.ConvertAll(values, value =>
            value is long number ? number : throw ModelErrors.Damaged(path, $"a tensor's shape in it is not made of integers")
        );
    }
}
