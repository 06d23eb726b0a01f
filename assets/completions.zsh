#compdef convrating
# Completions of convrating for zsh: the program says what fits at the cursor.
_convrating() {
    local -a candidates folders others
    candidates=("${(@f)$(COMPLETE=zsh _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) PROGRAM -- "${words[@]}" 2>/dev/null)}")
    [[ -n $candidates ]] || return 1
    # A file in a home. Zsh would take the program's answer for a file whose name begins with ~.
    if [[ ${words[CURRENT]} == \~* ]]; then
        _files
        return
    fi
    folders=("${(@M)candidates:#*/}")
    others=("${(@)candidates:#*/}")
    # No space behind a folder: its files come next.
    [[ -n $folders ]] && _describe -V values folders -S ''
    [[ -n $others ]] && _describe -V values others
}
# As a file in $fpath zsh runs this text at the first Tab; elsewhere the shell's start does.
if [[ ${funcstack[1]} == _convrating ]]; then
    _convrating "$@"
else
    compdef _convrating convrating
fi
