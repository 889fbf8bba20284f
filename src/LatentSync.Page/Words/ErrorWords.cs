using LatentSync.FrontEnd.Words;
using LatentSync.Server.Jobs;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Words;

/// <summary>
/// Errors as sentences. The server and engines speak English; what engines say is translated; before the server's own words comes
/// what kind of error it is.
/// </summary>
internal static class ErrorWords
{
    /// <summary>What a request failed with.</summary>
    public static string Of(RequestException error) => Of(error.Kind, error.Message);

    /// <summary>What a job failed with.</summary>
    /// <param name="kind">From docs/server.md or docs/errors.md, in snake case.</param>
    /// <param name="message">The sentence of the server or the engine.</param>
    public static string Of(string kind, string message) => PageLanguage.IsChinese ? ComposedSentence.InChinese(message) ?? $"{Kind(kind)} {message}" : message;

    private static string Kind(string kind) =>
        kind switch
        {
            "unauthorized" => Say($"The key does not work; log in with another."),
            "forbidden" => Say($"The key may not do this; log in with another."),
            "not_found" => Say($"It is not here, or it belongs to somebody else."),
            "invalid_options" => Say($"An option is wrong; correct it and try again."),
            "invalid_input" or "media_tool_failed" => Say($"The video or the sound cannot be used; choose another."),
            "no_face" => Say($"No face was found; choose another video or another face."),
            "invalid_model" => Say($"The model cannot be used; choose another."),
            "queue_full" or "too_many_requests" => Say($"The server has too much to do; try again later."),
            "disk_full" => Say($"The server's disk is full; try again later."),
            "too_large" or "too_long" => Say($"The file is too large or too long; choose a shorter one."),
            "engine_lost" or "engine_silent" or "inference_failed" or "device_unavailable" => Say($"The engine stopped; retry resumes where it was."),
            "engine_unfit" => Say($"The engine's program does not fit this server; ask who runs it."),
            "storage_spoiled" => Say($"The server's storage loses or changes files; ask who runs the server, then retry."),
            _ => Say($"It failed; retry, and if it fails again choose other files or options."),
        };
}
