using LatentSync.Page.Options;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Words;

/// <summary>Names of options in words; those that are used seldom go by the name that programs know.</summary>
internal static class OptionWords
{
    public static string Title(OptionFacts option) =>
        option.Name switch
        {
            "inference_steps" => Say($"Steps"),
            "lips_expression" => Say($"Guidance"),
            "sampler" => Say($"Sampler"),
            "length" => Say($"Length"),
            "loop" => Say($"Loop"),
            "seed" => Say($"Seed"),
            "quiet_mouth" => Say($"Mouth in pauses"),
            "audio_start" => Say($"Start of the sound"),
            "audio_duration" => Say($"Duration of the sound"),
            "audio_delay" => Say($"Delay of the sound"),
            "video_start" => Say($"Start of the video"),
            "mix" => Say($"Own sound of the video"),
            "fps" => Say($"Frame rate"),
            _ => option.Title,
        };
}
