namespace LatentSync.Checkpoints.Pickle;

/// <summary>The few Python names a checkpoint may refer to.</summary>
internal enum PickleGlobalKind
{
    /// <summary>collections.OrderedDict.</summary>
    OrderedDict,

    /// <summary>torch._utils._rebuild_tensor_v2.</summary>
    RebuildTensor,

    /// <summary>torch._utils._rebuild_parameter.</summary>
    RebuildParameter,

    /// <summary>One of torch.FloatStorage, torch.HalfStorage and so on.</summary>
    Storage,
}
