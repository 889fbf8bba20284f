using LatentSync.Media.Read;

namespace LatentSync.Pipeline.FileJob;

/// <summary>Opens a video.</summary>
/// <param name="frame">Number of the first frame to read.</param>
/// <param name="start">When the source shows it, if that is known from an earlier reader and the video need not be decoded from its start.</param>
/// <param name="limit">The most frames to read; null for all.</param>
/// <param name="cancellationToken">Gives up.</param>
internal delegate Task<IFrameReader> OpenVideo(int frame, long? start, int? limit, CancellationToken cancellationToken);
