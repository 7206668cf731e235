using System.CommandLine;
using System.Text.Json;
using GenQ.Models;

namespace GenQ.Cli.Commands;

/// <summary><c>genq embed</c>: the vectors that an encoder gives to texts.</summary>
internal static class EmbedCommand
{
    private const string Query = "query", Passage = "passage", Text = "text";

    public static Command Create()
    {
        Option<string> model = new("--model") { Description = "The encoder: a folder or a name on the hub.", Required = true };
        Option<string> kind = new Option<string>("--as")
        {
            Description = "What the texts are: some models put a prompt before queries and before passages.",
            DefaultValueFactory = _ => Text,
        }.OneOf(Query, Passage, Text);
        Option<int> batch = new Option<int>("--batch-size")
        {
            Description = "Lines read before any is answered; 1 answers each at once, more is faster.",
            DefaultValueFactory = _ => 256,
        }.AtLeast(1);
        Command command = new("embed", "Prints the vector of each line of stdin, one JSON array a line.")
        {
            model, kind, batch, CommonOptions.JsonLines, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Threads,
        };
        command.SetAction(parsed =>
        {
            CommonOptions.ApplyThreads(parsed);
            using BiEncoder encoder = BiEncoder.Load(
                parsed.GetValue(model)!, new BiEncoderOptions { Precision = parsed.GetValue(CommonOptions.Precision), Int8Weights = parsed.GetValue(CommonOptions.Int8) });
            foreach (string[] texts in InputTexts.Read(Console.In, parsed.GetValue(CommonOptions.JsonLines)).Chunk(parsed.GetValue(batch)))
            {
                float[][] vectors = parsed.GetValue(kind) switch
                {
                    Query => encoder.EncodeQueries(texts),
                    Passage => encoder.EncodePassages(texts),
                    _ => encoder.Encode(texts),
                };
                foreach (float[] vector in vectors) Console.Out.WriteLine(JsonSerializer.Serialize(vector));
            }

            return 0;
        });
        return command;
    }
}
