namespace GenQ.Models;

/// <summary>How the next token is chosen.</summary>
public enum DecodingMethod
{
    /// <summary>Drawn from the model's distribution after temperature, top-k and top-p: different texts from one input.</summary>
    Sample,

    /// <summary>The likeliest token each time: one text.</summary>
    Greedy,

    /// <summary>The likeliest whole texts that a beam finds.</summary>
    Beam,
}
