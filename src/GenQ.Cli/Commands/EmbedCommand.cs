using System.CommandLine;
using System.Text.Json;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;

namespace GenQ.Cli.Commands;

/// <summary><c>genq embed</c>: the vectors that an encoder gives to texts.</summary>
internal static class EmbedCommand
{
    private const string Query = "query", Passage = "passage", Text = "text";

    public static Command Create()
    {
        Argument<string?> run = new("RUN") { Description = "A run folder, whose adapted model encodes.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> model = new("--model") { Description = "Encode with another encoder: a folder or a name on the hub." };
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
        Command command = new("embed", """
            Prints the vector of each line of stdin, one JSON array a line.

            Examples:
              genq embed runs/manuals --as query < questions.txt
              genq embed --model sentence-transformers/all-MiniLM-L6-v2 < lines.txt
            """)
        {
            run, model, kind, batch, CommonOptions.JsonLines, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Threads,
        };
        command.Validators.Add(result => CommonOptions.RequireOne(result, run, model));
        command.SetAction(parsed =>
        {
            CommonOptions.ApplyThreads(parsed);
            RunFolder? folder = parsed.GetValue(run) is { } path ? new RunFolder(path) : null;
            Precision precision = parsed.GetValue(CommonOptions.Precision);
            bool int8 = parsed.GetValue(CommonOptions.Int8);
            using ISentenceEncoder encoder = folder is not null && !int8
                ? RunEncoder.Open(folder, precision)
                : BiEncoder.Load(folder?.Model ?? parsed.GetValue(model)!, new BiEncoderOptions { Precision = precision, Int8Weights = int8 });
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
