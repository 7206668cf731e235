namespace GenQ.Onnx;

/// <summary>A matrix in 8-bit whole numbers, each row with a scale of its own.</summary>
/// <param name="Numbers">(rows, width).</param>
/// <param name="Scales">(rows): what a row's whole numbers are to be multiplied with; 0 for a row of zeros.</param>
internal sealed record Int8Rows(sbyte[] Numbers, float[] Scales)
{
    /// <summary>The largest whole number of 8 bits that has a counterpart below 0.</summary>
    public const int Largest = 127;

    /// <summary>Rounds a matrix.</summary>
    /// <param name="matrix">(rows, width).</param>
    /// <param name="width">Its columns.</param>
    public static Int8Rows Of(float[] matrix, int width)
    {
        sbyte[] numbers = new sbyte[matrix.Length];
        float[] scales = new float[matrix.Length / width];
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<float> from = matrix.AsSpan(row * width, width);
            float greatest = 0;
            foreach (float number in from) greatest = MathF.Max(greatest, MathF.Abs(number));
            scales[row] = greatest / Largest;
            if (greatest == 0) continue;
            for (int i = 0; i < width; i++) numbers[row * width + i] = (sbyte)MathF.Round(from[i] / scales[row]);
        }

        return new Int8Rows(numbers, scales);
    }
}
