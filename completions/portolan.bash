# bash completion for portolan, made from its table of commands and options.
_portolan() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options words=''
    COMPREPLY=()
    case $prev in
    --to) COMPREPLY=($(compgen -W "$(portolan --version -v 2>/dev/null | sed -n 's/^frameworks: *//p')" -- "$cur")); return ;;
    --style) COMPREPLY=($(compgen -W 'subclassing sequential functional' -- "$cur")); return ;;
    -o | --output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --report) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --from) COMPREPLY=($(compgen -W "$(portolan --version -v 2>/dev/null | sed -n 's/^frameworks: *//p')" -- "$cur")); return ;;
    --entry)  return ;;
    --shape)  return ;;
    --set)  return ;;
    --decisions) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --templates) COMPREPLY=($(compgen -d -- "$cur")); return ;;
    --trials)  return ;;
    --tolerance)  return ;;
    --weights) COMPREPLY=($(compgen -W 'drawn init' -- "$cur")); return ;;
    --python) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --timeout)  return ;;
    --keep) COMPREPLY=($(compgen -d -- "$cur")); return ;;
    --theme)  return ;;
    --keys)  return ;;
    --size)  return ;;
    --dump) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    esac
    case ${COMP_WORDS[1]} in
    port) options='--to --style --output --strict --report --save-decisions --from --entry --shape --set --decisions --templates --help' ;;
    inspect) options='--from --entry --shape --set --decisions --templates --json --help' ;;
    verify) options='--from --entry --shape --set --decisions --templates --trials --tolerance --weights --python --timeout --keep --json --help' ;;
    diff) options='--to --style --output --from --entry --shape --set --decisions --templates --help' ;;
    ask) options='--to --style --from --entry --shape --set --decisions --templates --help' ;;
    export) options='--output --from --entry --shape --set --decisions --templates --json --buml --help' ;;
    *) options='--to --style --from --entry --shape --set --decisions --templates --theme --no-session -M --tour --keys --size --dump --help --version --verbose' ;;
    esac
    [ "$COMP_CWORD" -gt 1 ] || words='port inspect verify diff ask export'
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -X '!*.py' -- "$cur") $(compgen -d -- "$cur"))
    fi
}
complete -o filenames -F _portolan portolan
