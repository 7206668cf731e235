using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Tests.Evaluation;

public sealed class MiniLmParityTests
{
    // all-MiniLM-L6-v2 by sentence-transformers, fp32, exact search over title and text. eng/parity.sh measures the other sets.
    [Fact]
    public void A_published_model_ranks_selqa_as_well_as_in_the_reference()
    {
        RetrievalTask task = BeirFolder.Read(Shared.Company("data", "retrieval", "selqa"));
        string model = Shared.Company("models", "all-MiniLM-L6-v2");
        ModelComparison comparison = ModelComparison.Run(
            task, [new("MiniLM", () => BiEncoder.Load(model, new BiEncoderOptions { Precision = Precision.Fp32 }))], [("bm25", Analyzer.English)], asked: []);
        Assert.Equal(0.8466, comparison["MiniLM"].Ndcg10, 0.003);
    }
}
