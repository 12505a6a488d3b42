/** Each asks `jupyterflow complete` for the words that fit: `word<tab>about` a line, and `:files` when files fit too. */
export const SCRIPTS = {
  bash: `\
# jupyterflow completion for bash. Load it now: source <(jupyterflow completion bash)
# For every shell: jupyterflow completion bash > ~/.local/share/bash-completion/completions/jupyterflow
_jupyterflow() {
  local line=\${COMP_LINE:0:COMP_POINT} current=\${COMP_WORDS[COMP_CWORD]} words candidate
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  # Bash breaks words also at @ and =: what it took for words before this one is not repeated.
  local last=\${words[\${#words[@]}-1]}
  local before=\${last%"$current"}
  [[ $before == "$last" && -n $current ]] && before=
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ $candidate == :files ]]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("\${candidate#"$before"}")
    fi
  done < <(jupyterflow complete -- "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _jupyterflow jupyterflow
`,
  zsh: `\
#compdef jupyterflow
# jupyterflow completion for zsh. Load it now: source <(jupyterflow completion zsh)
# For every shell: jupyterflow completion zsh > "\${fpath[1]}/_jupyterflow"
_jupyterflow() {
  local word about
  local -a candidates
  while IFS=$'\\t' read -r word about; do
    if [[ $word == :files ]]; then
      _files
    else
      candidates+=("\${word//:/\\\\:}\${about:+:$about}")
    fi
  done < <(jupyterflow complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe jupyterflow candidates
}
if [[ $funcstack[1] == _jupyterflow ]]; then
  _jupyterflow
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _jupyterflow jupyterflow
fi
`,
  fish: `\
# jupyterflow completion for fish. Load it now: jupyterflow completion fish | source
# For every shell: jupyterflow completion fish > ~/.config/fish/completions/jupyterflow.fish
function __jupyterflow_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (jupyterflow complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c jupyterflow -f -a '(__jupyterflow_complete)'
`
} as const;

export type Shell = keyof typeof SCRIPTS;
