namespace LatentSync.Backends.Cuda.Launching;

/// <summary>The places of streamed weights, as a player has them. All calls come in the order of the compute queue.</summary>
internal interface IWeightPlaces
{
    /// <summary>Queues the copy of a block into its place, behind the last use of what is there.</summary>
    void Copy(WeightBlock block);

    /// <summary>What is queued next waits until the block is there.</summary>
    void Await(WeightBlock block);

    /// <summary>The block is in use no more, when what is queued so far is done.</summary>
    void Leave(WeightBlock block);
}
