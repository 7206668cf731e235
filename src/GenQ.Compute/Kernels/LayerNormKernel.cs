namespace GenQ.Compute;

/// <summary>
/// The end of each half of a transformer layer in one pass: norm(residual + dropout(matmul + bias)), layer normalisation of Ba,
/// Kiros and Hinton 2016.
/// </summary>
/// <remarks>
/// The residual stream is fp32. It is not kept: what is kept are the rows as they were normalised, before gain and shift, which the
/// backward pass needs anyway, and from which the next norm makes its residual again. Matmul outputs are <see cref="float"/> or <see cref="Bf16"/>.
/// </remarks>
internal static unsafe class LayerNormKernel
{
    private const int RowsOfRange = 32;

    /// <summary>What <see cref="Forward{T}"/> reads and writes.</summary>
    public struct ForwardRows<T>
        where T : unmanaged
    {
        /// <summary>Rows and columns of all matrices.</summary>
        public int Rows, Width;

        /// <summary>(rows, width): the residual stream, or the normalised rows that it is made from.</summary>
        public float* Residual;

        /// <summary>(width) each: gain and shift that make the residual stream of <see cref="Residual"/>; null where it is that itself.</summary>
        public float* ResidualGain, ResidualShift;

        /// <summary>(rows, width): the matmul's output, which is added.</summary>
        public T* MatMul;

        /// <summary>(width): the linear layer's bias.</summary>
        public float* Bias;

        /// <summary>Which elements of the output are dropped.</summary>
        public DropoutMask Mask;

        /// <summary>(width) each: the norm's own gain and shift.</summary>
        public float* Gain, Shift;

        /// <summary>Added to the variance.</summary>
        public float Epsilon;

        /// <summary>(rows, width): receives the rows with mean 0 and variance 1; may be <see cref="Residual"/>.</summary>
        public float* Normalized;

        /// <summary>(rows): receives what each row was multiplied with.</summary>
        public float* Scales;

        /// <summary>(rows, width): receives the result, rounded for the next matmul.</summary>
        public T* Output;
    }

    /// <summary>What <see cref="Backward{T}"/> reads and writes.</summary>
    public struct BackwardRows<T>
        where T : unmanaged
    {
        /// <summary>Rows and columns of all matrices.</summary>
        public int Rows, Width;

        /// <summary>(rows, width): the gradient of the result, as far as it came through the residual stream; becomes that of the sum.</summary>
        public float* Gradient;

        /// <summary>(rows, width): the gradient that came through the next matmul, or null.</summary>
        public T* MatMulGradient;

        /// <summary>(rows, width): from the forward pass.</summary>
        public float* Normalized;

        /// <summary>(rows): from the forward pass.</summary>
        public float* Scales;

        /// <summary>(width): the norm's gain.</summary>
        public float* Gain;

        /// <summary>Which elements of the output were dropped.</summary>
        public DropoutMask Mask;

        /// <summary>(rows, width): receives the gradient of the output that was added.</summary>
        public T* Output;
    }

    /// <summary>Computes the norm of the sum.</summary>
    public static void Forward<T>(in ForwardRows<T> rows)
        where T : unmanaged
    {
        switch (Registers.For(rows.Width))
        {
            case 16: Forward<Lanes512, T>(rows); break;
            case 8: Forward<Lanes256, T>(rows); break;
            default: Forward<Lanes1, T>(rows); break;
        }
    }

    /// <summary>Computes the gradients of the residual, of the matmul's output, and of gain, shift and bias, which are added to what is there.</summary>
    public static void Backward<T>(in BackwardRows<T> rows, Span<float> gainGradient, Span<float> shiftGradient, Span<float> biasGradient)
        where T : unmanaged
    {
        using ColumnSums sums = new((rows.Rows + RowsOfRange - 1) / RowsOfRange, 3 * rows.Width);
        switch (Registers.For(rows.Width))
        {
            case 16: Backward<Lanes512, T>(rows, sums); break;
            case 8: Backward<Lanes256, T>(rows, sums); break;
            default: Backward<Lanes1, T>(rows, sums); break;
        }

        sums.AddTo(gainGradient);
        sums.AddTo(shiftGradient, rows.Width);
        sums.AddTo(biasGradient, 2 * rows.Width);
    }

    private static void Forward<TLanes, T>(ForwardRows<T> r)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(r.Rows, RowsOfRange, r.Width, (_, first, end) =>
        {
            int width = r.Width;
            for (long row = first; row < end; row++)
            {
                float* residual = r.Residual + row * width, normalized = r.Normalized + row * width;
                T* matmul = r.MatMul + row * width, output = r.Output + row * width;
                TLanes sum = TLanes.All(0);
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes x = TLanes.Load(residual + j);
                    if (r.ResidualGain != null) x = TLanes.MultiplyAdd(x, TLanes.Load(r.ResidualGain + j), TLanes.Load(r.ResidualShift + j));
                    TLanes added = TLanes.Load(matmul + j) + TLanes.Load(r.Bias + j);
                    if (r.Mask.IsOn) added *= TLanes.Dropout(r.Mask, (uint)(row * width + j));
                    x += added;
                    x.Store(normalized + j);
                    sum += x;
                }

                TLanes mean = TLanes.All(sum.Sum() / width), squares = TLanes.All(0);
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes x = TLanes.Load(normalized + j) - mean;
                    squares = TLanes.MultiplyAdd(x, x, squares);
                }

                float scale = 1 / MathF.Sqrt(squares.Sum() / width + r.Epsilon);
                r.Scales[row] = scale;
                TLanes scales = TLanes.All(scale);
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes x = (TLanes.Load(normalized + j) - mean) * scales;
                    x.Store(normalized + j);
                    TLanes.MultiplyAdd(x, TLanes.Load(r.Gain + j), TLanes.Load(r.Shift + j)).Store(output + j);
                }
            }
        });

    private static void Backward<TLanes, T>(BackwardRows<T> r, ColumnSums sums)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(r.Rows, RowsOfRange, r.Width, (range, first, end) =>
        {
            int width = r.Width;
            float* gainSum = sums.Of(range), shiftSum = gainSum + width, biasSum = shiftSum + width;
            for (long row = first; row < end; row++)
            {
                float* gradient = r.Gradient + row * width, normalized = r.Normalized + row * width;
                TLanes sum = TLanes.All(0), dot = TLanes.All(0);
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes y = TLanes.Load(gradient + j), x = TLanes.Load(normalized + j);
                    if (r.MatMulGradient != null) y += TLanes.Load(r.MatMulGradient + row * width + j);
                    TLanes.MultiplyAdd(y, x, TLanes.Load(gainSum + j)).Store(gainSum + j);
                    (TLanes.Load(shiftSum + j) + y).Store(shiftSum + j);
                    y *= TLanes.Load(r.Gain + j);
                    y.Store(gradient + j);
                    sum += y;
                    dot = TLanes.MultiplyAdd(y, x, dot);
                }

                TLanes mean = TLanes.All(sum.Sum() / width), slope = TLanes.All(dot.Sum() / width), scale = TLanes.All(r.Scales[row]);
                T* output = r.Output + row * width;
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes x = (TLanes.Load(gradient + j) - mean - TLanes.Load(normalized + j) * slope) * scale;
                    x.Store(gradient + j);
                    if (r.Mask.IsOn) x *= TLanes.Dropout(r.Mask, (uint)(row * width + j));
                    x.Store(output + j);
                    (TLanes.Load(biasSum + j) + x).Store(biasSum + j);
                }
            }
        });
}
