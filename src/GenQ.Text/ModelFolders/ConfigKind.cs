namespace GenQ.Text;

/// <summary>What a value of a model's configuration may be. Its range stands in <see cref="ConfigSchema"/>.</summary>
internal enum ConfigKind
{
    /// <summary>A text, true or false, or an object: nothing but its type is checked.</summary>
    Any,

    /// <summary>A width, a number of rows, or a number of tokens.</summary>
    Size,

    /// <summary>A number of layers or of heads.</summary>
    Count,

    /// <summary>The id of a token.</summary>
    Id,

    /// <summary>A chance that something is dropped in training.</summary>
    Chance,

    /// <summary>What norms add, so that they never divide by zero.</summary>
    Epsilon,
}
