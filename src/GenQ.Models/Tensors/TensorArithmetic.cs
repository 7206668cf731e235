using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Sums of tensors, and arithmetic of tensors with numbers, that the garbage collector cannot disturb.</summary>
/// <remarks>
/// TorchSharp hands a number to libtorch as a <see cref="Scalar"/>, an object with a finalizer, and even <c>x + y</c> makes one,
/// its factor of 1. Nothing keeps it alive: where a collection falls into the native call, the finalizer frees the number
/// that libtorch is about to read. A training ended that way after 1,850 steps; a wrong number would be worse. Here each
/// <see cref="Scalar"/> is held until the call has returned, and a test sees to it that no other code makes one.
/// </remarks>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1;

    /// <summary>x + y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>x − y.</summary>
    public static Tensor Minus(this Tensor x, Tensor y)
    {
        using Scalar minus = -1;
        return x.add(y, minus);
    }

    /// <summary>x + number.</summary>
    public static Tensor Plus(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.add(scalar, One);
    }

    /// <summary>x · number.</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul(scalar);
    }

    /// <summary>x³.</summary>
    public static Tensor Cube(this Tensor x) => x * x * x;

    /// <summary>Whether each element equals the number.</summary>
    public static Tensor EqualTo(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.eq(scalar);
    }

    /// <summary>A copy in which the masked elements are the number.</summary>
    public static Tensor Masked(this Tensor x, Tensor mask, double number)
    {
        using Scalar scalar = number;
        return x.masked_fill(mask, scalar);
    }

    /// <summary>A tensor that holds one number everywhere.</summary>
    public static Tensor Filled(long[] shape, double number, ScalarType type, Device device)
    {
        using Scalar scalar = number;
        return full(shape, scalar, type, device);
    }

    /// <summary>x becomes x · number.</summary>
    public static Tensor TimesInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul_(scalar);
    }

    /// <summary>x becomes x + number.</summary>
    public static Tensor PlusInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.add_(scalar, One);
    }

    /// <summary>x becomes x + y · factor.</summary>
    public static Tensor PlusInPlace(this Tensor x, Tensor y, double factor)
    {
        using Scalar scalar = factor;
        return x.add_(y, scalar);
    }

    /// <summary>x becomes x + y · z · factor.</summary>
    public static Tensor PlusProductInPlace(this Tensor x, Tensor y, Tensor z, double factor)
    {
        using Scalar scalar = factor;
        return x.addcmul_(y, z, scalar);
    }

    /// <summary>x becomes x + y / z · factor.</summary>
    public static Tensor PlusQuotientInPlace(this Tensor x, Tensor y, Tensor z, double factor)
    {
        using Scalar scalar = factor;
        return x.addcdiv_(y, z, scalar);
    }
}
