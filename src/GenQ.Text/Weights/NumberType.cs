namespace GenQ.Text;

/// <summary>The types of numbers that weight files hold, by the names of safetensors.</summary>
public enum NumberType
{
    /// <summary>Floating point of 64 bits.</summary>
    F64,

    /// <summary>Floating point of 32 bits.</summary>
    F32,

    /// <summary>IEEE's floating point of 16 bits.</summary>
    F16,

    /// <summary>The upper 16 bits of a <see cref="F32"/>.</summary>
    BF16,

    /// <summary>Whole numbers of 64 bits.</summary>
    I64,

    /// <summary>Whole numbers of 32 bits.</summary>
    I32,

    /// <summary>Whole numbers of 16 bits.</summary>
    I16,

    /// <summary>Whole numbers of 8 bits.</summary>
    I8,

    /// <summary>Whole numbers of 8 bits without a sign.</summary>
    U8,

    /// <summary>True or false, a byte each.</summary>
    Bool,
}
