namespace LatentSync;

/// <summary>What a progress report is about. The stages run side by side.</summary>
public enum LipSyncStage
{
    /// <summary>Opening the models and reading the sound; counted in steps.</summary>
    Prepare,

    /// <summary>Decoding frames, finding and aligning faces; counted in frames.</summary>
    Faces,

    /// <summary>Denoising; counted in denoising steps of all clips.</summary>
    Diffusion,

    /// <summary>Pasting back and encoding; counted in frames.</summary>
    Output,
}
