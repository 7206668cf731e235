using System.Runtime.InteropServices;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// The gradients of a batch, in the memory that there is. A batch that does not fit goes through the network part by part, once for the vectors, from which the
/// loss has its gradients, and once more to carry these into the weights (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory Limited
/// Setup"). That is exact, and costs a third more time.
/// </summary>
/// <param name="model">In training.</param>
/// <param name="mostTokens">So many go through the network at once; a longer text goes alone.</param>
internal sealed class GradientCache(BiEncoder model, long mostTokens)
{
    private long _mostTokens = mostTokens;

    /// <summary>Adds a batch's gradients to those of the weights. Where memory runs out, it is tried again in parts of half the size.</summary>
    /// <param name="texts">The tokens of all texts.</param>
    /// <param name="seed">Sets torch's generator for a part, by its number: what a part drops is the same both times.</param>
    /// <param name="loss">Computes the loss of all texts' vectors, (texts, dimensions).</param>
    /// <returns>The loss.</returns>
    /// <exception cref="GenQException">Not even single texts fit into the memory.</exception>
    public double Backward(int[][] texts, Action<int> seed, Func<Tensor, Tensor> loss)
    {
        while (true)
        {
            try
            {
                return Backward(texts, [.. Parts(texts, _mostTokens)], seed, loss);
            }
            catch (Exception e) when (IsOutOfMemory(e))
            {
                long longest = texts.Max(text => text.Length), tokens = Math.Min(_mostTokens, texts.Sum(text => (long)text.Length));
                if (tokens <= longest)
                    throw new GenQException($"The memory does not suffice for a step of the training: not even for one text of {longest} tokens. Lower max-length, or take a smaller base.", e);
                _mostTokens = tokens / 2;
                model.Network.zero_grad();
                NativeHeap.GiveBack();
            }
        }
    }

    /// <summary>Parts the texts, their order kept.</summary>
    /// <returns>Of each part its first text and the one behind its last.</returns>
    internal static IEnumerable<Range> Parts(int[][] texts, long mostTokens)
    {
        int start = 0;
        long tokens = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            if (i > start && tokens + texts[i].Length > mostTokens)
            {
                yield return start..i;
                (start, tokens) = (i, 0);
            }

            tokens += texts[i].Length;
        }

        yield return start..texts.Length;
    }

    private double Backward(int[][] texts, Range[] parts, Action<int> seed, Func<Tensor, Tensor> loss)
    {
        using IDisposable scope = NewDisposeScope();
        if (parts.Length == 1)
        {
            Tensor whole = loss(Embed(0));
            whole.backward();
            return whole.item<float>();
        }

        Tensor vectors;
        using (no_grad()) vectors = cat([.. Enumerable.Range(0, parts.Length).Select(Embed)]);
        vectors.requires_grad_(true);
        Tensor value = loss(vectors);
        value.backward();
        Tensor gradients = vectors.grad!;
        for (int part = 0; part < parts.Length; part++)
        {
            using IDisposable own = NewDisposeScope();
            (int start, int count) = parts[part].GetOffsetAndLength(texts.Length);
            Embed(part).backward([gradients.narrow(0, start, count)]);
        }

        return value.item<float>();

        Tensor Embed(int part)
        {
            seed(part);
            return model.Embed(texts[parts[part]]);
        }
    }

    // libtorch says it in words alone.
    private static bool IsOutOfMemory(Exception e) => e is OutOfMemoryException
        || (e is ExternalException && e.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase));
}
