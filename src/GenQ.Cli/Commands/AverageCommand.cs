using System.CommandLine;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq average</c>: a model between two others.</summary>
internal static class AverageCommand
{
    public static Command Create()
    {
        Argument<string> first = new("FIRST") { Description = "An encoder: a folder or a name on the hub." };
        Argument<string> second = new("SECOND") { Description = "Another of the same shape, usually one tuned from the first." };
        Option<string> output = new("--output", "-o") { Description = "Receives the model.", Required = true };
        Option<double> share = new Option<double>("--share")
        {
            Description = "The share of the second one's weights.",
            DefaultValueFactory = _ => 0.5,
        }.Within(value => value is >= 0 and <= 1, "between 0 and 1");
        Command command = new("average", """
            Averages the weights of two encoders: a base and what was tuned from it keep most of the gain and lose most of the harm.

            Example:
              genq average sentence-transformers/all-MiniLM-L6-v2 runs/manuals/model --share 0.5 -o between
            """)
        {
            first, second, output, share,
        };
        command.SetAction(parsed =>
        {
            WeightAverage.Write(parsed.GetValue(first)!, parsed.GetValue(second)!, parsed.GetValue(share), parsed.GetValue(output)!);
            Terminal.Say($"saved in {parsed.GetValue(output)}");
            return 0;
        });
        return command;
    }
}
