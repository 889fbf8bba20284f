using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Zip;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>
/// A checkpoint written by torch.save since PyTorch 1.6: a zip file of stored members, <c>ROOT/data.pkl</c> describing the
/// tensors and <c>ROOT/data/KEY</c> holding their bytes.
/// </summary>
internal sealed class PickleArchive : TensorArchive
{
    private const string PickleName = "data.pkl";
    private const string ByteOrderName = "byteorder";
    private const int MaxPickleBytes = 64 << 20;

    // Wrapped by torch.nn.DataParallel, a network's names all begin like this.
    private const string ParallelPrefix = "module.";

    private static readonly string[] StateDictNames = ["state_dict", "model_state_dict"];

    /// <summary>Reads the archive's description; takes ownership of the mapping.</summary>
    /// <exception cref="LipSyncException">The file is damaged, hostile, or holds no tensors.</exception>
    public PickleArchive(MappedFile file)
        : base(file)
    {
        var entries = ZipDirectory.Read(file);
        var root = FindRoot(entries, file);
        RequireLittleEndian(entries, root, file);
        var pickle = entries[root + PickleName];
        if (pickle.Length > MaxPickleBytes)
        {
            throw ModelErrors.Refused(file.Path, $"has a far larger pickle than any checkpoint needs; get it from another source");
        }

        var top =
            PickleMachine.Read(file.Slice(pickle.Offset, pickle.Length), file.Path) as PickledDictionary
            ?? throw ModelErrors.Refused(file.Path, $"holds something else than a dictionary of weights; give a state dict");
        var weights = StateDictNames.Select(name => top.Entries.GetValueOrDefault(name)).OfType<PickledDictionary>().FirstOrDefault() ?? top;
        Tensors = ReadTensors(weights, entries, root + "data/", file);
        Scalars = ReadScalars(top, weights);
    }

    private static string FindRoot(Dictionary<string, ZipEntry> entries, MappedFile file)
    {
        var pickles = entries
            .Keys.Where(name => name.EndsWith("/" + PickleName, StringComparison.Ordinal) && name.IndexOf('/') == name.LastIndexOf('/'))
            .ToList();
        if (pickles.Count != 1)
        {
            throw ModelErrors.Refused(file.Path, $"is a zip file but not a PyTorch checkpoint; check that the right file was given");
        }

        var root = pickles[0][..^PickleName.Length];
        return entries.ContainsKey(root + "constants.pkl") || entries.Keys.Any(name => name.StartsWith(root + "code/", StringComparison.Ordinal))
            ? throw ModelErrors.Refused(file.Path, $"is a TorchScript program, not a checkpoint; give the state dict of the network instead")
            : root;
    }

    private static void RequireLittleEndian(Dictionary<string, ZipEntry> entries, string root, MappedFile file)
    {
        // Older versions of PyTorch do not say, and only ran on little-endian machines.
        if (
            entries.TryGetValue(root + ByteOrderName, out var entry)
            && !(entry.Length == "little"u8.Length && file.Slice(entry.Offset, entry.Length).SequenceEqual("little"u8))
        )
        {
            throw ModelErrors.Refused(file.Path, $"was saved on a big-endian machine, which is not read; save it again on a PC, or as safetensors");
        }
    }

    private static Dictionary<string, StoredTensor> ReadTensors(
        PickledDictionary weights,
        Dictionary<string, ZipEntry> entries,
        string dataFolder,
        MappedFile file
    )
    {
        var pickled = weights.Entries.Where(entry => entry.Value is PickledTensor).ToList();
        if (pickled.Count == 0)
        {
            throw ModelErrors.Refused(file.Path, $"holds no tensors; check that the right file was given");
        }

        var prefix = pickled.TrueForAll(entry => entry.Key.StartsWith(ParallelPrefix, StringComparison.Ordinal)) ? ParallelPrefix.Length : 0;
        var tensors = new Dictionary<string, StoredTensor>(pickled.Count, StringComparer.Ordinal);
        foreach (var (name, value) in pickled)
        {
            var tensor = (PickledTensor)value!;
            var storage = tensor.Storage;
            if (!entries.TryGetValue(dataFolder + storage.Key, out var entry))
            {
                throw ModelErrors.Damaged(file.Path, $"the bytes of the tensor {ModelErrors.Printable(name)} are missing");
            }

            if (storage.ElementCount < 0 || storage.ElementCount > entry.Length / storage.Type.Size())
            {
                throw ModelErrors.Damaged(file.Path, $"the bytes of the tensor {ModelErrors.Printable(name)} are fewer than it says");
            }

            tensors.Add(
                name[prefix..],
                StoredTensor.Create(
                    file,
                    name[prefix..],
                    storage.Type,
                    tensor.Shape,
                    tensor.Strides,
                    entry.Offset,
                    storage.ElementCount * storage.Type.Size(),
                    tensor.FirstElement
                )
            );
        }

        return tensors;
    }

    private static Dictionary<string, object> ReadScalars(PickledDictionary top, PickledDictionary weights)
    {
        var scalars = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in top.Entries)
        {
            if (value is PickledDictionary inner && inner != weights)
            {
                foreach (var (innerName, innerValue) in inner.Entries)
                {
                    AddScalar($"{name}.{innerName}", innerValue);
                }
            }
            else
            {
                AddScalar(name, value);
            }
        }

        return scalars;

        void AddScalar(string name, object? value)
        {
            if (value is long or double or bool or string)
            {
                scalars.TryAdd(name, value);
            }
        }
    }
}
