namespace GenQ.Text;

/// <summary>How the vectors of a text's tokens become the vector of the text.</summary>
public enum PoolingMode
{
    /// <summary>Their mean, special tokens counted: the published method's choice.</summary>
    Mean,

    /// <summary>The vector of the first token, which is a special one.</summary>
    Cls,

    /// <summary>The greatest value of each dimension.</summary>
    Max,
}
