using System.CommandLine;
using GenQ.Cli.Completion;

namespace GenQ.Cli.Commands;

/// <summary><c>genq completion</c>: what a shell needs to complete the command.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. ShellScript.All.Select(known => known.Shell)]);
        Command command = new("completion", """
            Prints a script with which a shell completes verbs, options, their values, settings, files and folders.

            Examples:
              eval "$(genq completion bash)"
              genq completion zsh > "${fpath[1]}/_genq"
              genq completion fish > ~/.config/fish/completions/genq.fish
              genq completion pwsh | Out-String | Invoke-Expression
            """)
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.Write(ShellScript.All.First(known => known.Shell == parsed.GetValue(shell)).Write(CompletedVerb.AllOf(Program.Root())));
            return 0;
        });
        return command;
    }
}
