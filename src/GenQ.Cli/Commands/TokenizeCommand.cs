using System.CommandLine;
using System.Text.Json;
using GenQ.Text;

namespace GenQ.Cli.Commands;

/// <summary><c>genq tokenize</c>: the ids that a model reads.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        Option<string> model = new("--model")
        {
            Description = "The model: a folder with the tokenizer's files, or a name on the hub.",
            Required = true,
        };
        Command command = new("tokenize", "Prints the token ids of each line of stdin, one JSON array a line.")
        {
            model, CommonOptions.JsonLines,
        };
        command.SetAction(parsed =>
        {
            ITokenizer tokenizer = Tokenizer.Load(ModelFolder.Resolve(parsed.GetValue(model)!));
            foreach (string text in InputTexts.Read(Console.In, parsed.GetValue(CommonOptions.JsonLines)))
                Console.Out.WriteLine(JsonSerializer.Serialize(tokenizer.Encode(text)));
            return 0;
        });
        return command;
    }
}
