import type { SHELLS } from '../commands/completion.ts';

/**
 * Scripts for the settings of each shell. None evaluates what was typed or answered: words are handed over as
 * arguments, and the shell quotes what it inserts, but for bash, whose answers are quoted already.
 */
export const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: `# Completion of connector for bash. Put this into ~/.bashrc:
#   eval "$(connector completion bash)"
_connector() {
  local kind='' word
  COMPREPLY=()
  while IFS= read -r word; do
    if [[ -z $kind ]]; then kind=$word; else COMPREPLY+=("$word"); fi
  done < <(command connector completion bash --current="\${COMP_LINE:0:COMP_POINT}" --breaks="$COMP_WORDBREAKS" </dev/null 2>/dev/null)
  # Where nothing fits, bash offers files, which only some arguments take. Bash 3 cannot be told so.
  if [[ $kind != files ]] && type compopt >/dev/null 2>&1; then compopt +o default; fi
}
complete -o default -F _connector connector`,

  zsh: `#compdef connector
# Completion of connector for zsh. Put this into ~/.zshrc, after compinit:
#   eval "$(connector completion zsh)"
# or write it to a file named _connector in a folder of $fpath.
_connector() {
  local -a lines values shown
  local value about
  lines=("\${(@f)$(command connector completion zsh --current="\${(Q)PREFIX}" -- "\${(@Q)words[2,CURRENT-1]}" </dev/null 2>/dev/null)}")
  if [[ $lines[1] == files ]]; then
    _files
    return
  fi
  for value about in "\${(@)lines[2,-1]}"; do
    values+=("$value")
    if [[ $about == $value ]]; then shown+=("$value"); else shown+=("$value  -- $about"); fi
  done
  compadd -l -d shown -a values
}
if [[ \${funcstack[1]} == _connector ]]; then
  _connector "$@"
elif (( $+functions[compdef] )); then
  compdef _connector connector
fi`,

  fish: `# Completion of connector for fish. Run this once:
#   connector completion fish > ~/.config/fish/completions/connector.fish
function __connector_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l current (commandline -ct)
  set -l lines (command connector completion fish --current="$current" -- $words </dev/null 2>/dev/null)
  if test "$lines[1]" = files
    __fish_complete_path "$current"
  else
    set -e lines[1]
    while set -q lines[2]
      printf '%s\\t%s\\n' $lines[1] $lines[2]
      set -e lines[1..2]
    end
  end
end
complete -c connector -f -a '(__connector_complete)'`,

  powershell: `# Completion of connector for PowerShell. Put this into the file that $PROFILE names:
#   connector completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName connector -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @(foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { continue }
    if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value }
    else { $element.Extent.Text }
  })
  $lines = @(& connector completion powershell "--current=$wordToComplete" -- @words 2>$null)
  if ($lines[0] -ne 'words') { return }
  for ($at = 1; $at + 1 -lt $lines.Count; $at += 2) {
    $value, $about = $lines[$at], $lines[$at + 1]
    if (-not $value.StartsWith($wordToComplete.TrimStart([char[]]"'\`""))) { continue }
    $text = $value
    if ($value -notmatch '^[\\w./=:+-]+$') {
      $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
    }
    [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
  }
}`,
};
