using LatentSync.Checkpoints.Config;

namespace LatentSync.Networks.UNet;

/// <summary>The layers of a UNet in the order of their work, with the sizes of what goes through them.</summary>
internal sealed class UNetLayout
{
    /// <summary>Lays a configuration out for square latents.</summary>
    public UNetLayout(UNetConfig config, int size)
    {
        var channels = config.BlockOutChannels;
        var (levels, hidden) = (channels.Count, channels[0]);
        var skips = new Stack<int>([hidden]);
        Size = size;
        for (var level = 0; level < levels; level++)
        {
            var layers = new List<UNetLayer>();
            for (var i = 0; i < config.LayersPerBlock; i++)
            {
                layers.Add(
                    new UNetLayer(
                        DownBlock(level),
                        i,
                        size,
                        hidden,
                        0,
                        channels[level],
                        config.DownBlocks[level] == UNetBlockKind.CrossAttention,
                        config.MotionModule?.InDownBlock(level) == true
                    )
                    {
                        Halves = level < levels - 1 && i == config.LayersPerBlock - 1,
                    }
                );
                hidden = channels[level];
                skips.Push(hidden);
            }

            Down.Add(layers);
            if (level < levels - 1)
            {
                skips.Push(hidden);
                size /= 2;
            }
        }

        Middle.Add(new UNetLayer("mid_block", 0, size, hidden, 0, hidden, Attends: true, Moves: false));
        Middle.Add(new UNetLayer("mid_block", 1, size, hidden, 0, hidden, Attends: false, Moves: false));
        for (var level = 0; level < levels; level++)
        {
            var (layers, outChannels) = (new List<UNetLayer>(), channels[levels - 1 - level]);
            for (var i = 0; i <= config.LayersPerBlock; i++)
            {
                layers.Add(
                    new UNetLayer(
                        UpBlock(level),
                        i,
                        size,
                        hidden,
                        skips.Pop(),
                        outChannels,
                        config.UpBlocks[level] == UNetBlockKind.CrossAttention,
                        config.MotionModule?.InUpBlock(level, levels) == true
                    )
                    {
                        Doubles = level < levels - 1 && i == config.LayersPerBlock,
                    }
                );
                hidden = outChannels;
            }

            Up.Add(layers);
            size *= level < levels - 1 ? 2 : 1;
        }
    }

    /// <summary>Width and height of the latents.</summary>
    public int Size { get; }

    /// <summary>Each down block's layers; all but the last halve the size at their end.</summary>
    public List<List<UNetLayer>> Down { get; } = [];

    /// <summary>The two resnets at the smallest size.</summary>
    public List<UNetLayer> Middle { get; } = [];

    /// <summary>Each up block's layers; all but the last double the size at their end.</summary>
    public List<List<UNetLayer>> Up { get; } = [];

    /// <summary>The layer that DeepCache runs at every step.</summary>
    public UNetLayer Shallow => Up[^1][^1];

    /// <summary>All layers.</summary>
    public IEnumerable<UNetLayer> Layers => [.. Down.SelectMany(layers => layers), .. Middle, .. Up.SelectMany(layers => layers)];

    /// <summary>Name of a down block.</summary>
    public static string DownBlock(int level) => Invariant($"down_blocks.{level}");

    /// <summary>Name of an up block.</summary>
    public static string UpBlock(int level) => Invariant($"up_blocks.{level}");
}
