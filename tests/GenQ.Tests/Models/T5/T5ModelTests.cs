using System.Text.Json.Nodes;
using GenQ.Models;
using GenQ.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.T5;

public sealed class T5ModelTests
{
    public static TheoryData<string> Checkpoints => ["t5-tiny", "t5-gated-tiny", "t5-tiny-bin"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Encoder_states_and_logits_are_those_of_the_reference(string name)
    {
        using T5Golden golden = new(name);
        using IDisposable guard = no_grad();
        Tensor states = golden.Model.Encode(golden["input_ids"], golden.Mask);

        // Padded places of the encoder are free: nothing reads them.
        T5Golden.AssertClose(golden["encoder_last_hidden_state"] * golden.Mask.unsqueeze(-1), states * golden.Mask.unsqueeze(-1), 2e-5);
        Tensor logits = golden.Model.Decode(states, golden.Mask, golden["decoder_input_ids"]);
        T5Golden.AssertClose(golden["logits_first_two_rows"], logits.narrow(0, 0, 2), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_loss_and_its_gradients_are_those_of_the_reference(string name)
    {
        using T5Golden golden = new(name);
        Tensor loss = golden.Model.Loss(golden["input_ids"], golden.Mask, golden["labels"]);
        Assert.Equal(golden.Expected["loss"]!.GetValue<double>(), loss.item<float>(), 1e-5);
        loss.backward();
        Dictionary<string, double> norms = golden.Model.named_parameters().ToDictionary(p => p.name, p => (double)p.parameter.grad!.norm().item<float>());
        foreach ((string parameter, JsonNode? expected) in golden.Expected["gradient_norms"]!.AsObject())
        {
            double want = expected!.GetValue<double>();
            Assert.InRange(norms[parameter], want * (1 - 1e-3), want * (1 + 1e-3));
        }
    }

    [Fact]
    public void An_embedding_that_a_file_holds_under_the_encoders_name_is_found()
    {
        using TemporaryFolder folder = new();
        using DisposeScope scope = NewDisposeScope();
        string golden = Shared.Golden("checkpoints", "t5-tiny");
        File.Copy(Path.Combine(golden, "config.json"), folder["config.json"]);
        Dictionary<string, Tensor> weights = TensorFile.Read(Path.Combine(golden, "model.safetensors"));
        weights.Remove("shared.weight", out Tensor? embedding);
        weights.Remove("lm_head.weight");
        weights["encoder.embed_tokens.weight"] = embedding!;
        TensorFile.Write(folder["model.safetensors"], weights);
        using T5Model model = T5Model.Load(folder.Path);
        Assert.True(model.state_dict()["shared.weight"].equal(embedding!).all().item<bool>());
    }

    [Fact]
    public void A_head_of_its_own_is_found_behind_a_prefix_too()
    {
        using TemporaryFolder folder = new();
        using DisposeScope scope = NewDisposeScope();
        string golden = Shared.Golden("checkpoints", "t5-tiny");
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(golden, "config.json")))!;
        config["scale_decoder_outputs"] = false;
        File.WriteAllText(folder["config.json"], config.ToJsonString());
        Dictionary<string, Tensor> weights = TensorFile.Read(Path.Combine(golden, "model.safetensors"))
            .ToDictionary(pair => "module." + pair.Key, pair => pair.Value);
        weights["module.lm_head.weight"] = ones_like(weights["module.shared.weight"]);
        TensorFile.Write(folder["model.safetensors"], weights);
        using T5Model model = T5Model.Load(folder.Path);
        Assert.True(model.HeadWeight().equal(weights["module.lm_head.weight"]).all().item<bool>());
    }

    [Theory]
    [InlineData("t5-tiny")]
    [InlineData("t5-gated-tiny")]
    public void Ten_steps_of_AdamW_lose_as_much_as_in_the_reference(string name)
    {
        using T5Golden golden = new(name);
        using AdamW optimizer = new(golden.Model.named_parameters(), new AdamWOptions { Decays = _ => true, MaxGradientNorm = double.PositiveInfinity });
        foreach (JsonNode? expected in golden.Expected["adamw_lr_1e-3_wd_0.01_losses"]!.AsArray())
        {
            using IDisposable scope = NewDisposeScope();
            Tensor loss = golden.Model.Loss(golden["input_ids"], golden.Mask, golden["labels"]);
            double want = expected!.GetValue<double>();
            Assert.InRange(loss.item<float>(), want * (1 - 1e-3), want * (1 + 1e-3));
            loss.backward();
            optimizer.Step(1e-3);
        }
    }

    [Fact]
    public void A_token_written_with_the_cache_has_the_logits_of_a_full_pass()
    {
        using T5Golden golden = new("t5-tiny");
        using IDisposable guard = no_grad();
        Tensor ids = golden["input_ids"], decoderIds = golden["decoder_input_ids"];
        Tensor states = golden.Model.Encode(ids, golden.Mask);
        Tensor whole = golden.Model.Decode(states, golden.Mask, decoderIds);
        using T5StepDecoder decoder = new(golden.Model, states, golden.Mask, rowsPerText: 1, maxLength: 16);
        for (int step = 0; step < decoderIds.shape[1]; step++)
        {
            T5Golden.AssertClose(whole.select(1, step), decoder.Step(decoderIds.select(1, step)), 1e-4);
        }
    }

    [Fact]
    public void Rows_that_stay_after_others_finished_go_on_unchanged()
    {
        using T5Golden golden = new("t5-tiny");
        using IDisposable guard = no_grad();
        Tensor ids = golden["input_ids"].narrow(0, 0, 3), mask = golden.Mask.narrow(0, 0, 3);
        Tensor states = golden.Model.Encode(ids, mask);
        using T5StepDecoder all = new(golden.Model, states, mask, rowsPerText: 2, maxLength: 8);
        using T5StepDecoder some = new(golden.Model, states, mask, rowsPerText: 2, maxLength: 8);
        Tensor start = tensor(new long[] { 0, 5, 6, 7, 8, 9 }), next = tensor(new long[] { 10, 11, 12, 13, 14, 15 });
        all.Step(start);
        some.Step(start);

        // Text 1 is finished, and so is the first row of text 2.
        some.Keep([0, 1, 5], [0, 1, 3], [0, 2]);
        Tensor rows = tensor(new long[] { 0, 1, 5 });
        T5Golden.AssertClose(all.Step(next).index_select(0, rows), some.Step(next.index_select(0, rows)), 1e-5);
    }

    [Fact]
    public void Products_in_bf16_stay_near_those_in_fp32()
    {
        using T5Golden golden = new("t5-tiny");
        using IDisposable guard = no_grad();
        Tensor exact = golden.Model.Decode(golden.Model.Encode(golden["input_ids"], golden.Mask), golden.Mask, golden["decoder_input_ids"]);
        golden.Model.ConvertLinearLayers(ScalarType.BFloat16);
        Tensor rounded = golden.Model.Decode(golden.Model.Encode(golden["input_ids"], golden.Mask), golden.Mask, golden["decoder_input_ids"]);
        double cosine = nn.functional.cosine_similarity(exact.flatten(), rounded.flatten(), 0).item<float>();
        Assert.InRange(cosine, 0.999, 1.0001);
    }

    [Fact]
    public void A_checkpoint_of_another_architecture_is_refused_by_name()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["config.json"], """{"model_type": "bart"}""");
        GenQ.Data.GenQException error = Assert.Throws<GenQ.Data.GenQException>(() => T5Model.Load(folder.Path));
        Assert.Contains("'bart'", error.Message, StringComparison.Ordinal);
        Assert.Contains("t5, mt5", error.Message, StringComparison.Ordinal);
    }
}
