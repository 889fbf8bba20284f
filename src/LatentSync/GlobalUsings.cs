global using System.Globalization;
global using static System.FormattableString;
global using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
