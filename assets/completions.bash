# Completions of convrating for bash: the program says what fits at the cursor.
_convrating() {
    # Bash takes `=` for a word of its own. The parts are put together again, up to the cursor.
    local -a words=("${COMP_WORDS[0]}")
    local last=0 index word prefix candidate
    for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ ($word == = && ${words[last]} == --*) || ${words[last]} == --*= ]]; then
            words[last]+=$word
        else
            words[++last]=$word
        fi
    done
    # Bash replaces only what stands behind the `=`.
    prefix=${words[last]%"$2"}
    if [[ $prefix != *= ]]; then
        prefix=
        words[last]=$2
    fi
    COMPREPLY=()
    while IFS= read -r candidate || [[ -n $candidate ]]; do
        printf -v candidate %q "${candidate#"$prefix"}"
        COMPREPLY+=("${candidate/#\\~/\~}")
    done < <(COMPLETE=bash _CLAP_COMPLETE_INDEX=$last PROGRAM -- "${words[@]}" 2>/dev/null)
    # No space behind a folder: its files come next.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _convrating convrating
