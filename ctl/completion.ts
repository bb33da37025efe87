/** Completion scripts for shells. They are thin: `kamctl __complete` knows the words. */

const SCRIPTS: Record<string, string> = {
  bash: `_kamctl() {
  local IFS=$'\\n'
  COMPREPLY=($(kamctl __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _kamctl kamctl
`,
  zsh: `#compdef kamctl
_kamctl() {
  local -a found
  local candidates="$(kamctl __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)"
  found=(\${(f)"$(print -r -- "$candidates" | sed 's/:/\\\\:/g; s/\\t/:/')"})
  _describe kamctl found || _files
}
compdef _kamctl kamctl
`,
  fish: `function __kamctl
  kamctl __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c kamctl -f -a '(__kamctl)'
`,
}

/** Null for a shell that we have no script for. */
export const completionScript = (shell: string | undefined): string | null =>
  (shell !== undefined && Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : null) ?? null
