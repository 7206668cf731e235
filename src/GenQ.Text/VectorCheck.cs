using GenQ.Data;

namespace GenQ.Text;

/// <summary>Looks at what an encoder gives: of damaged weights come numbers that are none, and no search can compare them.</summary>
internal static class VectorCheck
{
    /// <summary>Refuses vectors that hold infinity, or what is no number.</summary>
    /// <param name="rows">The vectors, one behind the other.</param>
    /// <param name="model">What messages call the model.</param>
    /// <exception cref="GenQException">There is such a number.</exception>
    public static void RequireFinite(ReadOnlySpan<float> rows, string model)
    {
        foreach (float number in rows)
        {
            if (float.IsFinite(number)) continue;
            throw new GenQException($"The model '{model}' gives a vector that holds {number} where a finite number was expected: its weights are damaged. Get the model anew.")
            {
                Where = model,
                Expected = "finite numbers",
                Got = $"{number}",
            };
        }
    }
}
