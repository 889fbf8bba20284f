namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>One descriptor of cuDNN's graph interface while it is being filled and used.</summary>
internal sealed class CudnnDescriptor(Cudnn cudnn, CudnnDescriptorType type) : IDisposable
{
    /// <summary>cuDNN's pointer.</summary>
    public nint Pointer { get; } = cudnn.CreateDescriptor(type);

    /// <summary>Sets one or more 64-bit numbers.</summary>
    public CudnnDescriptor Set(CudnnAttribute attribute, params ReadOnlySpan<long> values) => Set(attribute, CudnnType.Int64, values);

    /// <summary>Sets a float32 number.</summary>
    public CudnnDescriptor Set(CudnnAttribute attribute, float value) => Set<float>(attribute, CudnnType.Float, value);

    /// <summary>Sets a truth value.</summary>
    public CudnnDescriptor Set(CudnnAttribute attribute, bool value) => Set<byte>(attribute, CudnnType.Boolean, value ? (byte)1 : (byte)0);

    /// <summary>Sets one or more other descriptors.</summary>
    public CudnnDescriptor Set(CudnnAttribute attribute, params ReadOnlySpan<CudnnDescriptor> descriptors)
    {
        var pointers = new nint[descriptors.Length];
        for (var i = 0; i < pointers.Length; i++)
        {
            pointers[i] = descriptors[i].Pointer;
        }

        return Set<nint>(attribute, CudnnType.Descriptor, pointers);
    }

    /// <summary>Sets values of any type.</summary>
    public CudnnDescriptor Set<T>(CudnnAttribute attribute, CudnnType valueType, params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        cudnn.Set(Pointer, attribute, valueType, values);
        return this;
    }

    /// <summary>Ends the setting; throws unless cuDNN accepts it.</summary>
    public CudnnDescriptor Complete()
    {
        cudnn.Complete(Pointer, $"describe a {type}");
        return this;
    }

    /// <summary>Ends the setting; false if cuDNN does not accept it.</summary>
    public bool TryComplete() => cudnn.TryComplete(Pointer) == 0;

    /// <inheritdoc/>
    public void Dispose() => cudnn.DestroyDescriptor(Pointer);
}
