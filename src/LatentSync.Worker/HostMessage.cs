using System.Text.Json.Serialization;

namespace LatentSync.Worker;

/// <summary>What the host sends as JSON; <c>type</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(HelloMessage), "hello")]
[JsonDerivedType(typeof(FilesMessage), "sync_files")]
[JsonDerivedType(typeof(FramesMessage), "sync_frames")]
[JsonDerivedType(typeof(AnalyzeMessage), "analyze")]
[JsonDerivedType(typeof(SegmentMessage), "sync_segment")]
[JsonDerivedType(typeof(JoinMessage), "join")]
[JsonDerivedType(typeof(PullMessage), "pull_model")]
[JsonDerivedType(typeof(CancelMessage), "cancel")]
internal abstract record HostMessage;
