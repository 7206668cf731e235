namespace GenQ.Models;

/// <summary>A tensor as a pickle describes it: a window on a storage. Offset and strides count numbers, not bytes.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
