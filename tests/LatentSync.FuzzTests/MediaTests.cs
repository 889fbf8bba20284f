using System.Buffers.Binary;
using System.Text.Json;
using CsCheck;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Write;
using LatentSync.TestKit;

namespace LatentSync.FuzzTests;

/// <summary>What is read of videos and pictures without ffmpeg, or of ffmpeg's answers about a stranger's file.</summary>
public class MediaTests
{
    private const int MostFrames = 1000;

    private static readonly bool[] ByteOrders = [true, false];
    private static readonly string[] Demuxers = ["jpeg_pipe", "png_pipe", "webp_pipe", "gif_pipe"];
    private static readonly int[] RightAngles = [0, 90, 180, 270];

    private const string Answer = """
        {"streams": [
          {"index": 0, "codec_name": "h264", "codec_type": "video", "width": 1920, "height": 1080, "pix_fmt": "yuv420p", "sample_aspect_ratio": "1:1",
           "r_frame_rate": "25/1", "avg_frame_rate": "25/1", "time_base": "1/12800", "start_time": "0.000000", "duration": "10.000000",
           "nb_frames": "250", "color_range": "tv", "color_space": "bt709", "color_transfer": "bt709", "color_primaries": "bt709",
           "field_order": "progressive", "bits_per_raw_sample": "8", "disposition": {"default": 1, "attached_pic": 0},
           "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}], "tags": {"rotate": "90"}},
          {"index": 1, "codec_name": "aac", "codec_type": "audio", "sample_rate": "48000", "channels": 2, "channel_layout": "stereo",
           "duration": "10.0", "time_base": "1/48000", "start_time": "0.0", "disposition": {"default": 1, "attached_pic": 0}}],
         "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "10.000000", "nb_streams": 2}}
        """;

    [Fact]
    public void Nut_Mutations() =>
        Campaign.Run(
            "NUT frames (mutations)",
            Mutations.Of([NutStream.Make(0, 1001, 2002), NutStream.Make(0, 5_000_000_000)], "nut/multimedia container\0"),
            ReadNut,
            IsDamage
        );

    /// <summary>Packets in any order whose numbers and lengths are anything.</summary>
    [Fact]
    public void Nut_Grammar()
    {
        var number = Choose
            .Either(Gen.Long[0, 8], Choose.Constant(127, 128, 255, 256, 4096, 4097, 30000, int.MaxValue, 1L << 40, (1L << 56) - 1, 1L << 56, long.MaxValue))
            .Select(NutStream.Number);
        var body = number.Array[0, 30].Select(numbers => numbers.SelectMany(bytes => bytes).ToArray());
        var packet = Gen.Select(
            Choose.Constant(NutStream.MainStartcode, NutStream.TrackStartcode, NutStream.SyncStartcode, NutStream.IndexStartcode, 0x4E00_0000_0000_0000),
            body,
            NutStream.Packet
        );
        var part = Choose.Either(packet, packet, body, Gen.Byte.Array[0, 40], Gen.Const(NutStream.Main()), Gen.Const(NutStream.Track()));
        Campaign.Run(
            "NUT frames (grammar)",
            part.Array[0, 8].Select(parts => (byte[])[.. NutStream.Start, .. parts.SelectMany(bytes => bytes)]),
            ReadNut,
            IsDamage
        );
    }

    [Fact]
    public void Exif()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xDB, 0, 4, 1, 2, 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9];
        byte[] png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[17], 0, 0, 0, 0, .. "IEND"u8, 0, 0, 0, 0];
        byte[] webp = [.. "RIFF"u8, 12, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0];
        byte[][] seeds =
        [
            .. ByteOrders.SelectMany(bigEndian =>
                new[]
                {
                    ExifBlock.IntoJpeg(jpeg, ExifBlock.Make(6, bigEndian)),
                    ExifBlock.IntoPng(png, ExifBlock.Make(3, bigEndian)),
                    ExifBlock.IntoWebp(webp, ExifBlock.Make(8, bigEndian)),
                }
            ),
        ];
        Campaign.Run(
            "EXIF orientation",
            Mutations.Of(seeds, "Exif\0\0", "MM\0*", "II*\0", "eXIf", "EXIF"),
            bytes =>
            {
                var found = Demuxers.Select(demuxer => ExifOrientation.Parse(bytes, demuxer)).OfType<PictureOrientation>().ToList();
                Assert.All(found, orientation => Assert.Contains(orientation.Rotation, RightAngles));
                if (found.Count == 0)
                {
                    throw new NoOrientationException();
                }
            },
            error => error is NoOrientationException
        );
    }

    /// <summary>Where the recordings of a chain begin lies within the file, in order.</summary>
    [Fact]
    public void OggLinks_Mutations()
    {
        byte[] recording =
        [
            .. OggPage.Make(OggPage.First, [.. "OpusHead"u8, .. new byte[11]]),
            .. OggPage.Make(0, new byte[300]),
            .. OggPage.Make(0, new byte[40]),
        ];
        Campaign.Run(
            "links of an Ogg file",
            Mutations.Of(
                [
                    [.. recording, .. recording],
                    [.. recording, .. recording, .. recording],
                ],
                "OggS\0",
                "OpusHead",
                "OggS\0\u0002"
            ),
            bytes =>
            {
                var offsets = OggLinks.Find(new MemoryStream(bytes));
                Assert.All(offsets.Zip(offsets.Skip(1)), pair => Assert.True(pair.First < pair.Second));
                if (offsets.Count == 0)
                {
                    throw new InvalidDataException();
                }

                Assert.Equal((0, bytes.Length), (offsets[0], offsets[^1]));
            },
            error => error is InvalidDataException
        );
    }

    [Fact]
    public void Probe_Mutations() =>
        Campaign.Run(
            "ffprobe's answer (mutations)",
            Mutations.Of([Answer], "\"width\":", "null", "[", "{", "1e999", "-1", "N/A", "0/0", "\"rotation\": 1e300,", "\"side_data_list\": 5,"),
            ReadAnswer,
            IsNoAnswer
        );

    [Fact]
    public void Probe_Grammar()
    {
        string[] names =
        [
            "index",
            "codec_name",
            "codec_type",
            "width",
            "height",
            "pix_fmt",
            "sample_aspect_ratio",
            "r_frame_rate",
            "avg_frame_rate",
            "time_base",
            "start_time",
            "duration",
            "nb_frames",
            "color_range",
            "color_space",
            "color_transfer",
            "color_primaries",
            "field_order",
            "disposition",
            "attached_pic",
            "default",
            "side_data_list",
            "side_data_type",
            "rotation",
            "displaymatrix",
            "tags",
            "rotate",
            "alpha_mode",
            "sample_rate",
            "channels",
            "channel_layout",
            "bits_per_raw_sample",
            "chroma_location",
        ];
        string[] texts =
        [
            "video",
            "audio",
            "h264",
            "aac",
            "yuv420p",
            "yuva420p",
            "25/1",
            "30000/1001",
            "0/0",
            "1:0",
            "N/A",
            "Display Matrix",
            "tt",
            "smpte2084",
            "90",
            "-90",
            "1e300",
            "48000",
        ];
        var stream = Gen.Select(
            Choose.Constant("video", "audio"),
            Gen.Select(Choose.Constant(names), Grammars.Json(names, texts, depth: 2), (name, value) => $"\"{name}\":{value}").Array[0, 14],
            (type, members) => $"{{{string.Join(',', members.Prepend($"\"codec_type\":\"{type}\",\"width\":640,\"height\":480,\"codec_name\":\"h264\""))}}}"
        );
        var whole = Gen.Select(stream.Array[0, 3], Grammars.Json(names, texts, depth: 2), (streams, format) =>
            $"{{\"streams\":[{string.Join(',', streams)}],\"format\":{format}}}"
        );
        Campaign.Run(
            "ffprobe's answer (grammar)",
            Choose.Either(whole, whole, Grammars.Json([.. names, "streams", "format"], texts)).Bytes(),
            ReadAnswer,
            IsNoAnswer
        );
    }

    /// <summary>What is written for ffmpeg, for every size and time that a video can have: it must be as long as it says.</summary>
    [Fact]
    public void Matroska_HeadersHoldAnyTime()
    {
        Gen.Select(Gen.Int[1, 16384], Gen.Int[1, 16384], Gen.Double[1e-6, 1e6], Gen.Long[0, long.MaxValue / 2], Gen.Int[1, int.MaxValue])
            .Sample(
                (width, height, rate, ticks, ticksPerSecond) =>
                {
                    Assert.NotEmpty(MatroskaFrames.Header(width, height, rate));
                    var header = new byte[MatroskaFrames.FrameHeaderLength];
                    MatroskaFrames.WriteFrameHeader(header, ticks, ticksPerSecond, width * height * 3);
                    Assert.Equal([0x1F, 0x43, 0xB6, 0x75], header[..4]);
                    var size = BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(4)) & ~(1UL << 56);
                    Assert.Equal((ulong)(header.Length - 12) + ((ulong)width * (ulong)height * 3), size);
                },
                iter: Campaign.Cases,
                threads: 1
            );
    }

    private static bool IsDamage(Exception error) => error is InvalidDataException or EndOfStreamException;

    private static bool IsNoAnswer(Exception error) => error is JsonException or LipSyncException { Code: LipSyncErrorCode.InvalidInput };

    private static void ReadAnswer(byte[] json)
    {
        var media = ProbeParser.Parse("a.mp4", json);
        if (media.Video is { } video)
        {
            // What every job asks for before anything is opened.
            _ = (
                video.DisplayWidth,
                video.DisplayHeight,
                video.PixelAspect,
                video.SourceClock,
                video.ResultColor,
                video.ResultFormat,
                video.AverageFrameRate?.Value
            );
            Assert.InRange(video.DisplayWidth, 1, 16384);
            Assert.InRange(video.DisplayHeight, 1, 16384);
            Assert.True(video.PixelAspect is > 0 and < double.PositiveInfinity);
        }
    }

    private static void ReadNut(byte[] stream)
    {
        var reader = NutStream.Read(stream, 1000);
        var pixels = new byte[NutStream.FrameLength];
        for (var frames = 0; frames < MostFrames; frames++)
        {
            var pending = reader.ReadAsync(pixels, NutStream.TicksPerSecond, CancellationToken.None).AsTask();
            Assert.True(pending.IsCompleted);
            if (pending.GetAwaiter().GetResult() is null)
            {
                return;
            }
        }
    }

    /// <summary>A picture that says nothing of how it was held, or nothing that makes sense.</summary>
    private sealed class NoOrientationException : Exception;
}
