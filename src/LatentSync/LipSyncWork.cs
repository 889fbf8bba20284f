namespace LatentSync;

/// <summary>What a job spends its time on. Decoding and faces run beside the rest.</summary>
public enum LipSyncWork
{
    /// <summary>Waiting for ffmpeg to decode frames.</summary>
    Decode,

    /// <summary>Finding, aligning and cropping faces.</summary>
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
}
