namespace LatentSync;

/// <summary>
/// What a job spends its time on. Three tasks run side by side: decode and faces; audio to VAE decode, and the two waits;
/// restore and encode.
/// </summary>
public enum LipSyncWork
{
    /// <summary>Waiting for ffmpeg to decode frames.</summary>
    Decode,

    /// <summary>Finding, aligning and cropping faces. Beside a card several frames are looked at at once; their times are added up.</summary>
    Faces,

    /// <summary>Reading the sound, its spectrum, and the Whisper encoder.</summary>
    Audio,

    /// <summary>The VAE's encoder, on the faces with and without the mouth, and what makes its input.</summary>
    VaeEncode,

    /// <summary>The UNet; it opens with the first clip.</summary>
    Denoise,

    /// <summary>The VAE's decoder.</summary>
    VaeDecode,

    /// <summary>Pasting the mouths back.</summary>
    Restore,

    /// <summary>Waiting for ffmpeg to take frames and to finish the file.</summary>
    Encode,

    /// <summary>The networks stand still because decoding and faces are slower, and before the first clip.</summary>
    WaitForFrames,

    /// <summary>The networks stand still because restoring and encoding are slower.</summary>
    WaitForWriter,
}
