using CsCheck;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.FuzzTests;

/// <summary>Model files of strangers: zip archives, pickles, safetensors and configurations.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Zip_Mutations() =>
        Run(
            "zip archive (mutations)",
            Mutations.Of(Archives(), "PK\u0003\u0004", "PK\u0001\u0002", "PK\u0005\u0006", "archive/data.pkl", "archive/data/0"),
            Open
        );

    /// <summary>Members with lengths, offsets, methods and names that are not theirs.</summary>
    [Fact]
    public void Zip_Grammar()
    {
        var name = Choose.Constant(
            "archive/data.pkl",
            "archive/byteorder",
            "archive/data/0",
            "archive/data/1",
            "data.pkl",
            "../data.pkl",
            "/",
            "",
            "archive/data/99999999999999999999"
        );
        var number = Choose.Constant<long?>(null, null, null, 0, 1, -1, 60, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue);
        var member = Gen.Select(
            name,
            Gen.Byte.Array[0, 80],
            Choose.Constant<ushort>(0, 0, 8, ushort.MaxValue),
            Choose.Constant<ushort>(0, 0, 1, 8, ushort.MaxValue),
            number,
            number
        );
        Run("zip archive (grammar)", Gen.Select(member.Array[0, 6], Gen.Bool, (members, zip64) =>
            {
                var zip = new StoredZipWriter { Zip64 = zip64 };
                foreach (var (path, data, method, flags, length, offset) in members)
                {
                    zip.Add(path, path.EndsWith(".pkl", StringComparison.Ordinal) ? Pickle() : data, method, flags, length, offset);
                }

                return zip.ToArray();
            }), Open);
    }

    [Fact]
    public void Pickle_Mutations() =>
        Run(
            "pickle (mutations)",
            Mutations.Of([Pickle()], "cposix\nsystem\n", "ctorch\nFloatStorage\n", "ccollections\nOrderedDict\n", "\u0080\u0002", "Q", "R", "b", "."),
            OpenPickle
        );

    /// <summary>Instructions in an order that no program writes, with arguments that point nowhere.</summary>
    [Fact]
    public void Pickle_Grammar()
    {
        var global = Choose
            .Constant(
                "ctorch._utils\n_rebuild_tensor_v2\n",
                "ctorch\nFloatStorage\n",
                "ctorch\nHalfStorage\n",
                "ccollections\nOrderedDict\n",
                "cposix\nsystem\n",
                "cbuiltins\neval\n",
                "ctorch._utils\n_rebuild_parameter\n",
                "c\n\n",
                "ctorch\n"
            )
            .Select(text => System.Text.Encoding.Latin1.GetBytes(text));
        var plain = Choose
            .Constant(
                "(",
                ")",
                "}",
                "]",
                "N",
                "t",
                "R",
                "b",
                "s",
                "u",
                "a",
                "e",
                "Q",
                "0",
                "1",
                "2",
                "l",
                "d",
                "o",
                "\u0081",
                "\u0085",
                "\u0086",
                "\u0087",
                "\u0088",
                "\u0089",
                "\u0093",
                "\u0094",
                "\u0095",
                "."
            )
            .Select(text => System.Text.Encoding.Latin1.GetBytes(text));
        var counted = Gen.Select(
            Choose.Constant(
                (byte)'X',
                (byte)'K',
                (byte)'M',
                (byte)'J',
                (byte)'q',
                (byte)'r',
                (byte)'h',
                (byte)'j',
                (byte)0x8a,
                (byte)0x8b,
                (byte)0x8c,
                (byte)0x8d,
                (byte)0x95,
                (byte)'B',
                (byte)'C',
                (byte)'G',
                (byte)'T',
                (byte)'U'
            ),
            Choose.Either(
                Gen.Byte.Array[0, 12],
                Choose.Constant<byte[]>([0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [1, 0, 0, 0, 97], [8, 255, 255, 255, 255, 255, 255, 255, 127])
            ),
            (instruction, argument) => (byte[])[instruction, .. argument]
        );
        Run(
            "pickle (grammar)",
            Choose.Either(plain, counted, global).Array[1, 60].Select(parts => (byte[])[0x80, 2, .. parts.SelectMany(part => part), (byte)'.']),
            OpenPickle
        );
    }

    [Fact]
    public void Safetensors_Mutations()
    {
        SafetensorsWriter.Write(
            _folder.File("seed.safetensors"),
            new Dictionary<string, TorchTensor>(StringComparer.Ordinal)
            {
                ["a.weight"] = TorchTensor.Single([0, 1, 2, 3, 4, 5], 2, 3),
                ["a.bias"] = TorchTensor.Half([0.5f, -1, 65504], 3),
            }
        );
        Run(
            "safetensors (mutations)",
            Mutations.Of(
                [File.ReadAllBytes(_folder.File("seed.safetensors"))],
                "\"dtype\":\"F64\",",
                "\"shape\":[-1],",
                "\"data_offsets\":[0,0],",
                "{",
                "}",
                "[",
                "1e9"
            ),
            Open
        );
    }

    [Fact]
    public void Safetensors_Grammar()
    {
        var header = Grammars.Json(
            ["dtype", "shape", "data_offsets", "__metadata__", "a.weight"],
            ["F32", "F16", "BF16", "I64", "BOOL", "F8_E4M3", "a"],
            depth: 3
        );
        Run("safetensors (grammar)", Gen.Select(header, Gen.Byte.Array[0, 64], SafetensorsWriter.Pack), Open);
    }

    [Fact]
    public void Yaml() =>
        RunConfig(
            "config.yaml",
            Choose.Either(
                Mutations.Of(UNetYamls(), "&a ", "*a", "<<: *a", "!!python/object:x ", "1e999", "[", "{", "\"", "- ", "? ", "\t"),
                Grammars
                    .Yaml(
                        ["data", "model", "run", "resolution", "num_frames", "cross_attention_dim", "block_out_channels", "down_block_types"],
                        ["512", "[320, 640]", "CrossAttnDownBlock3D"]
                    )
                    .Bytes()
            ),
            UNetConfigReader.Read
        );

    [Fact]
    public void Json() =>
        RunConfig(
            "config.json",
            Choose.Either(
                Mutations.Of([VaeJson], "null", "[", "{", "1e999", "\"block_out_channels\":", "-1"),
                Grammars
                    .Json(
                        ["block_out_channels", "layers_per_block", "latent_channels", "norm_num_groups", "scaling_factor", "shift_factor", "_class_name"],
                        ["AutoencoderKL"]
                    )
                    .Bytes()
            ),
            VaeConfig.Read
        );

    private const string UNetYaml = """
        data:
          resolution: 512
          num_frames: 16
        run:
          guidance_scale: 1.5
          inference_steps: 20
        model:
          in_channels: 13
          out_channels: 4
          cross_attention_dim: 384
          block_out_channels: [320, 640, 1280, 1280]
          layers_per_block: 2
          attention_head_dim: 8
          norm_num_groups: 32
          use_motion_module: true
        """;

    private const string VaeJson =
        """{"_class_name": "AutoencoderKL", "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2,"""
        + """ "latent_channels": 4, "norm_num_groups": 32, "scaling_factor": 0.18215}""";

    /// <summary>That of the built-in model, which is accepted, where the checkout has it; and a short one.</summary>
    private static string[] UNetYamls() =>
        Path.Combine(RepositoryFolder.Path, "models", "demo", "config.yaml") is var path && File.Exists(path) ? [File.ReadAllText(path), UNetYaml] : [UNetYaml];

    private static byte[] Pickle() =>
        new PickleWriter()
            .OrderedDict()
            .Op('(')
            .Text("a.weight")
            .Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])
            .Text("a.bias")
            .Tensor("HalfStorage", "1", 3, 0, [3], [1])
            .Text("step")
            .Integer(100000)
            .Op('u')
            .Op('.')
            .ToArray();

    private static byte[][] Archives() =>
        [TorchArchiveWriter.Pack(Pickle(), [new byte[24], new byte[6]]), TorchArchiveWriter.Pack(Pickle(), [new byte[24], new byte[6]], zip64: true)];

    private void OpenPickle(byte[] pickle) => Open(TorchArchiveWriter.Pack(pickle, [new byte[24], new byte[6]]));

    /// <summary>Opens the file and reads every tensor that it claims to have.</summary>
    private void Open(byte[] bytes)
    {
        var path = _folder.File("model.pt");
        File.WriteAllBytes(path, bytes);
        using var archive = CheckpointFile.Open(path);
        foreach (var tensor in archive.Tensors.Values.Where(tensor => tensor.ElementCount <= bytes.Length))
        {
            tensor.ToArray();
        }
    }

    private static void Run(string parser, Gen<byte[]> inputs, Action<byte[]> parse) =>
        Campaign.Run(parser, inputs, parse, error => error is LipSyncException { Code: LipSyncErrorCode.InvalidModel });

    private void RunConfig<T>(string name, Gen<byte[]> inputs, Func<string, T> read) => Run(name, inputs, bytes =>
        {
            File.WriteAllBytes(_folder.File(name), bytes);
            read(_folder.File(name));
        });
}
