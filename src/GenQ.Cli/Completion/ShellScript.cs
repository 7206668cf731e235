using System.Text;

namespace GenQ.Cli.Completion;

/// <summary>Writes what a shell needs to complete the command by itself: a tab starts no program.</summary>
internal static class ShellScript
{
    /// <summary>The shells, each with what writes its script.</summary>
    public static IReadOnlyList<(string Shell, Func<IReadOnlyList<CompletedVerb>, string> Write)> All { get; } =
        [("bash", Bash), ("zsh", Zsh), ("fish", Fish), ("pwsh", PowerShell)];

    // macOS brings bash 3.2: no mapfile, no compopt there.
    private static string Bash(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new();
        script.Append("""
            _genq() {
                local current="${COMP_WORDS[COMP_CWORD]}" verb="${COMP_WORDS[1]}" option="" kind="" words="" i
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then

            """);
        script.Append(Line($"        words={Quoted(string.Join(' ', verbs.Select(verb => verb.Name)))}"));
        script.Append("""
                else
                    for ((i = COMP_CWORD - 1; i > 1; i--)); do
                        case "${COMP_WORDS[i]}" in
                            -*) option="${COMP_WORDS[i]}"; break ;;
                        esac
                    done
                    case "$verb $((COMP_CWORD - i)) $option" in

            """);
        foreach (CompletedVerb verb in verbs)
        {
            foreach (CompletedOption option in verb.Options.Where(option => option.Value is not null))
            {
                string pattern = string.Join('|', option.Names.Select(name => $"\"{verb.Name} \"{(option.TakesMore ? "*" : "1")}\" {name}\""));
                script.Append(Line($"            {pattern}) {Set(option.Value!)} ;;"));
            }
        }

        script.Append("            *)\n                case \"$verb\" in\n");
        foreach (CompletedVerb verb in verbs) script.Append(Line($"                    {verb.Name}) {Set(verb.Argument)} ;;"));
        script.Append("""
                            esac ;;
                    esac
                    case "$current" in
                        -*)
                            kind=words
                            case "$verb" in

            """);
        foreach (CompletedVerb verb in verbs)
            script.Append(Line($"                    {verb.Name}) words={Quoted(string.Join(' ', verb.Options.SelectMany(option => option.Names)))} ;;"));
        script.Append("""
                            esac ;;
                    esac
                fi
                case "$kind" in
                    files|folders)
                        compopt -o filenames 2>/dev/null
                        while IFS= read -r i; do COMPREPLY+=("$i"); done < <(if [ "$kind" = files ]; then compgen -f -- "$current"; else compgen -d -- "$current"; fi) ;;
                    *)
                        COMPREPLY=($(compgen -W "$words" -- "$current"))
                        case "${COMPREPLY[0]}" in
                            *=) compopt -o nospace 2>/dev/null ;;
                        esac ;;
                esac
            }
            complete -F _genq genq

            """);
        return script.ToString();

        static string Set(CompletedValue value) => value.Kind == CompletedKind.Words
            ? $"words={Quoted(string.Join(' ', value.Words))}"
            : $"kind={value.Kind.ToString().ToLowerInvariant()}";
    }

    private static string Zsh(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new("#compdef genq\n_genq() {\n    local line state\n    local -a verbs\n    verbs=(\n");
        foreach (CompletedVerb verb in verbs) script.Append(Line($"        {Quoted($"{verb.Name}:{verb.Help}")}"));
        script.Append("""
                )
                _arguments -C '1: :->verb' '*:: :->rest'
                case $state in
                    verb) _describe 'verb' verbs ;;
                    rest)
                        case $line[1] in

            """);
        foreach (CompletedVerb verb in verbs)
        {
            script.Append(Line($"                {verb.Name})"));
            script.Append("                    _arguments -S");
            foreach (CompletedOption option in verb.Options)
            {
                string names = option.Names.Count == 1 ? Quoted(option.Names[0]) : "{" + string.Join(',', option.Names.Select(Quoted)) + "}";
                script.Append(Line(" \\") + $"                        '*'{names}{Quoted($"[{Escaped(option.Help)}]{(option.Value is { } value ? $": :{Action(value)}" : "")}")}");
            }

            script.Append(Line(" \\") + Line($"                        {Quoted($"*: :{Action(verb.Argument)}")} ;;"));
        }

        script.Append("""
                        esac ;;
                esac
            }
            if [ "$funcstack[1]" = _genq ]; then _genq "$@"; else compdef _genq genq; fi

            """);
        return script.ToString();

        static string Action(CompletedValue value) => value.Kind switch
        {
            CompletedKind.Words when value.Words.All(word => word.EndsWith('=')) => $"compadd -S \"\" -- {string.Join(' ', value.Words)}",
            CompletedKind.Words => $"({string.Join(' ', value.Words)})",
            CompletedKind.Files => "_files",
            CompletedKind.Folders => "_files -/",
            _ => " ",
        };

        static string Escaped(string help) => help.Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
    }

    private static string Fish(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new("complete -c genq -f\n");
        foreach (CompletedVerb verb in verbs)
        {
            script.Append(Line($"complete -c genq -n __fish_use_subcommand -a {verb.Name} -d {FishQuoted(verb.Help)}"));
            string seen = $"complete -c genq -n '__fish_seen_subcommand_from {verb.Name}'";
            foreach (CompletedOption option in verb.Options)
            {
                string names = string.Join(' ', option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {name[1..]}"));
                script.Append(Line($"{seen} {names} -d {FishQuoted(option.Help)}{(option.Value is { } value ? Action(value, " -x", " -r -F") : "")}"));
            }

            if (verb.Argument.Kind != CompletedKind.None) script.Append(Line($"{seen}{Action(verb.Argument, "", " -F")}"));
        }

        return script.ToString();

        static string Action(CompletedValue value, string exclusive, string files) => value.Kind switch
        {
            CompletedKind.Words => $"{exclusive} -a {FishQuoted(string.Join(' ', value.Words))}",
            CompletedKind.Files => files,
            CompletedKind.Folders => $"{exclusive} -a '(__fish_complete_directories)'",
            _ => exclusive,
        };

        static string FishQuoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
    }

    // Where nothing is returned, PowerShell offers files and folders by itself.
    private static string PowerShell(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new("$GenQVerbs = [ordered]@{\n");
        foreach (CompletedVerb verb in verbs)
        {
            script.Append(Line($"    {PsQuoted(verb.Name)} = @{{ Help = {PsQuoted(verb.Help)}; Words = @({List(verb.Argument)}); Options = [ordered]@{{"));
            foreach (CompletedOption option in verb.Options)
            {
                foreach (string name in option.Names)
                    script.Append(Line($"        {PsQuoted(name)} = @{{ Help = {PsQuoted(option.Help)}; More = ${(option.TakesMore ? "true" : "false")}; Words = @({(option.Value is { } value ? List(value) : "")}) }}"));
            }

            script.Append("    } }\n");
        }

        script.Append("""
            }
            Register-ArgumentCompleter -Native -CommandName genq -ScriptBlock {
                param($word, $line, $cursor)
                $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
                $offer = { param($name, $help) if ($name -like "$word*") { [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $(if ($help) { $help } else { $name })) } }
                if ($before.Count -le 1) { $GenQVerbs.Keys | ForEach-Object { & $offer $_ $GenQVerbs[$_].Help }; return }
                $verb = $GenQVerbs[$before[1]]
                if (-not $verb) { return }
                if ($word -like '-*') { $verb.Options.Keys | ForEach-Object { & $offer $_ $verb.Options[$_].Help }; return }
                $name = $before | Where-Object { $_ -like '-*' } | Select-Object -Last 1
                $option = if ($name) { $verb.Options[$name] }
                $words = if ($option -and ($option.More -or $before[-1] -eq $name)) { $option.Words } else { $verb.Words }
                $words | ForEach-Object { & $offer $_ '' }
            }

            """);
        return script.ToString();

        static string List(CompletedValue value) => string.Join(", ", value.Words.Select(PsQuoted));

        static string PsQuoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static string Line(string text) => text + "\n";

    // For a POSIX shell.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
