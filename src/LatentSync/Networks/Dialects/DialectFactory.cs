using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Dialects;

/// <summary>Makes the dialect in which a graph is written: this is where the kind of device is chosen.</summary>
internal delegate NetworkDialect DialectFactory(GraphWriter graph);
