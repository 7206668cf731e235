using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) with gradient clipping. Weights that compute in bf16 have fp32 masters here: the
/// update is made on those and copied back, so that steps smaller than a bf16 rounding are not lost. Matrices for which the
/// options ask so move as <see cref="Muon"/> says, at the same learning rate.
/// </summary>
internal sealed class AdamW : IDisposable
{
    // Adafactor's floor: a matrix that starts at zero still moves.
    private const double SmallestRms = 1e-3;

    // Elements of one unit of parallel work.
    private const int Chunk = 1 << 16;

    private readonly AdamWOptions _options;
    private readonly Slot[] _slots;

    /// <summary>Takes the parameters to train; they stay the caller's.</summary>
    /// <param name="parameters">Names and parameters.</param>
    /// <param name="options">Settings.</param>
    /// <param name="useKernel">Whether weights on the CPU are updated by <see cref="AdamWKernel"/>; the portable way is for other devices.</param>
    public AdamW(IEnumerable<(string Name, Parameter Parameter)> parameters, AdamWOptions options, bool useKernel = true)
    {
        _options = options;
        _slots = [.. parameters.Select(p => new Slot(p.Name, p.Parameter, options, useKernel))];
    }

    /// <summary>Takes a network's parameters, and switches its matrix multiplications to <paramref name="precision"/>.</summary>
    /// <remarks>The masters start from the weights as they are stored, not from what bf16 leaves of them.</remarks>
    public static AdamW Of(nn.Module network, Precision precision, AdamWOptions options)
    {
        using IDisposable guard = no_grad();
        Dictionary<string, Tensor> exact = network.state_dict().ToDictionary(w => w.Key, w => w.Value.clone());
        if (precision == Precision.Bf16) network.ConvertLinearLayers(ScalarType.BFloat16);
        AdamW optimizer = new(network.named_parameters(), options);
        foreach ((string name, Tensor weights) in optimizer.Weights) weights.copy_(exact[name]);
        foreach (Tensor tensor in exact.Values) tensor.Dispose();
        return optimizer;
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Everything a resumed training needs: fp32 weights and both moments, under names of their own.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _slots.SelectMany(slot => slot.State);

    /// <summary>The fp32 weights under their names in the network: what is worth saving.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights => _slots.Select(slot => new KeyValuePair<string, Tensor>(slot.Name, slot.Weights));

    /// <summary>The weights in the type in which they are to be saved.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> WeightsAs(ScalarType type)
        => Weights.Select(weight => KeyValuePair.Create(weight.Key, weight.Value.detach().to(type)));

    /// <summary>Clips the gradients, takes one step, and clears the gradients.</summary>
    /// <param name="learningRate">The step size, from the schedule.</param>
    /// <returns>The gradient norm before clipping.</returns>
    /// <exception cref="GenQException">A gradient is not a number.</exception>
    public double Step(double learningRate)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        double norm = Math.Sqrt(_slots.Sum(slot => slot.SquaredGradientNorm()));
        if (!double.IsFinite(norm))
        {
            throw new GenQException(
                $"The gradient of step {Steps + 1} is not a number. Lower the learning rate ({learningRate:g3}) or train in fp32.");
        }

        Steps++;
        double scale = Math.Min(1, _options.MaxGradientNorm / (norm + 1e-6));
        foreach (Slot slot in _slots)
        {
            double rate = _options.ScaleByRms ? learningRate * slot.Rms() : learningRate;
            slot.Update(new AdamWStep(
                (float)scale,
                (float)(rate / (1 - Math.Pow(_options.Beta1, Steps))),
                slot.Decays ? (float)(1 - rate * _options.WeightDecay) : 1,
                _options.Beta1,
                _options.Beta2,
                (float)(1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps))),
                _options.Epsilon), rate);
        }

        return norm;
    }

    /// <summary>Puts back what <see cref="State"/> gave at the end of step <paramref name="steps"/>.</summary>
    /// <exception cref="GenQException">The state is of another network.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state, long steps)
    {
        using IDisposable guard = no_grad();
        foreach (Slot slot in _slots) slot.Load(state);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Slot slot in _slots) slot.Dispose();
    }

    private sealed class Slot : IDisposable
    {
        private readonly Parameter _parameter;
        private readonly bool _useKernel;
        private readonly Tensor? _master;
        private readonly Tensor _mean;

        // Null where Muon moves the weights.
        private readonly Tensor? _variance;

        public Slot(string name, Parameter parameter, AdamWOptions options, bool useKernel)
        {
            using IDisposable guard = no_grad();
            (Name, _parameter, Decays) = (name, parameter, options.Decays(name));
            _useKernel = useKernel && parameter.device_type == TorchSharp.DeviceType.CPU;
            if (parameter.dtype != ScalarType.Float32) _master = parameter.to(ScalarType.Float32).DetachFromDisposeScope();
            _mean = zeros_like(Weights).DetachFromDisposeScope();
            if (!options.Orthogonalizes(name)) _variance = zeros_like(Weights).DetachFromDisposeScope();
        }

        public string Name { get; }

        public bool Decays { get; }

        public Tensor Weights => _master ?? _parameter;

        public IEnumerable<KeyValuePair<string, Tensor>> State =>
            [new($"weight.{Name}", Weights), new($"mean.{Name}", _mean), .. _variance is null ? (KeyValuePair<string, Tensor>[])[] : [new($"variance.{Name}", _variance)]];

        public double SquaredGradientNorm()
        {
            if (_parameter.grad is not { } gradient) return 0;
            using Tensor norm = linalg.vector_norm(gradient.to(ScalarType.Float32));
            double value = norm.item<float>();
            return value * value;
        }

        public double Rms()
        {
            using Tensor norm = linalg.vector_norm(Weights);
            return Math.Max(SmallestRms, norm.item<float>() / Math.Sqrt(Weights.numel()));
        }

        public void Update(AdamWStep step, double rate)
        {
            if (_parameter.grad is not { } gradient) return;
            Tensor fp32 = gradient.to(ScalarType.Float32).contiguous();
            if (_variance is null) UpdateByMuon(fp32, step, rate);
            else if (_useKernel) UpdateByKernel(fp32, _variance, step);
            else UpdatePortably(fp32, _variance, step);
            if (_master is not null) _parameter.copy_(_master);
            _parameter.grad = null;
            gradient.Dispose();
        }

        public void Load(IReadOnlyDictionary<string, Tensor> state)
        {
            foreach ((string key, Tensor target) in State)
            {
                if (!state.TryGetValue(key, out Tensor? saved) || !saved.shape.SequenceEqual(target.shape))
                {
                    throw new GenQException(
                        $"The checkpoint has '{key}' {(saved is null ? "not at all" : $"as [{string.Join(", ", saved.shape)}]")}, "
                        + $"the network expects [{string.Join(", ", target.shape)}]: it is of another model. Delete the checkpoint to start anew.");
                }

                target.copy_(saved);
            }

            if (_master is not null) _parameter.copy_(_master);
        }

        public void Dispose()
        {
            _master?.Dispose();
            _mean.Dispose();
            _variance?.Dispose();
        }

        private void UpdateByMuon(Tensor gradient, AdamWStep step, double rate)
        {
            gradient.TimesInPlace(step.GradientScale);
            _mean.TimesInPlace(Muon.Momentum).PlusInPlace(gradient, 1);
            using Tensor direction = Muon.Orthogonalize(gradient.PlusInPlace(_mean, Muon.Momentum), _parameter.dtype);
            Weights.TimesInPlace(step.Decay).PlusInPlace(direction, -rate);
        }

        private void UpdateByKernel(Tensor gradient, Tensor variance, AdamWStep step)
        {
            int length = checked((int)gradient.numel());
            ParallelRanges.For(length, Chunk, 1, (_, start, end) =>
            {
                int count = end - start;
                AdamWKernel.Update(Span(Weights, start, count), Span(gradient, start, count), Span(_mean, start, count), Span(variance, start, count), step);
            });
        }

        private void UpdatePortably(Tensor gradient, Tensor variance, AdamWStep step)
        {
            gradient.TimesInPlace(step.GradientScale);
            Weights.TimesInPlace(step.Decay);
            _mean.TimesInPlace(step.Beta1).PlusInPlace(gradient, 1 - step.Beta1);
            variance.TimesInPlace(step.Beta2).PlusProductInPlace(gradient, gradient, 1 - step.Beta2);
            Weights.PlusQuotientInPlace(_mean, variance.sqrt().TimesInPlace(step.VarianceCorrection).PlusInPlace(step.Epsilon), -step.StepSize);
        }

        private static Span<float> Span(Tensor tensor, int start, int count)
            => tensor.Floats().Slice(start, count);
    }
}
