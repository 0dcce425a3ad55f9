
__moonspot_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__moonspot_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__moonspot_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__moonspot_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_moonspot() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(-i --simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    local -a repeating_options=(-e)
    local -a non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-e')
        return
        ;;
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    repl|run|simulator|auth|limits|doctor|plan|apply|history|undo|resume|retry|check|test|init|forms|help)
        # Offer subcommand argument completions
        "_moonspot_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'repl run simulator auth limits doctor plan apply history undo resume retry check test init forms help' -- "${cur}"))
        ;;
    esac
}

_moonspot_repl() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_run() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __moonspot_add_completions -o plusdirs -fX '!*.@(lua)'
        return
        ;;
    esac
}

_moonspot_simulator() {
    repeating_flags=()
    non_repeating_flags=(--search-headers --merge-new-id --oauth-rotate --version -h --help)
    repeating_options=()
    non_repeating_options=(--host --port --token --tier --limits --contacts --seed --db --latency --search-lag --form-delay --faults --scopes --oauth-life)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--host')
        return
        ;;
    '--port')
        return
        ;;
    '--token')
        return
        ;;
    '--tier')
        return
        ;;
    '--limits')
        return
        ;;
    '--contacts')
        return
        ;;
    '--seed')
        return
        ;;
    '--db')
        return
        ;;
    '--latency')
        return
        ;;
    '--search-lag')
        return
        ;;
    '--form-delay')
        return
        ;;
    '--faults')
        return
        ;;
    '--scopes')
        return
        ;;
    '--oauth-life')
        return
        ;;
    esac
}

_moonspot_auth() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    login|status|logout|list|default)
        # Offer subcommand argument completions
        "_moonspot_auth_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'login status logout list default' -- "${cur}"))
        ;;
    esac
}

_moonspot_auth_login() {
    repeating_flags=()
    non_repeating_flags=(--keyring --no-browser --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --kind --client-id --scopes --port --header --query)
    __moonspot_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--kind')
        return
        ;;
    '--client-id')
        return
        ;;
    '--scopes')
        return
        ;;
    '--port')
        return
        ;;
    '--header')
        return
        ;;
    '--query')
        return
        ;;
    esac
}

_moonspot_auth_status() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --all --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_auth_logout() {
    repeating_flags=()
    non_repeating_flags=(--revoke --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    esac
}

_moonspot_auth_list() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--output)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--output')
        return
        ;;
    esac
}

_moonspot_auth_default() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options 1
}

_moonspot_limits() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_doctor() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_plan() {
    repeating_flags=()
    non_repeating_flags=(--all --simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--out --profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--out')
        __moonspot_add_completions -f
        return
        ;;
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __moonspot_add_completions -o plusdirs -fX '!*.@(lua)'
        return
        ;;
    esac
}

_moonspot_apply() {
    repeating_flags=()
    non_repeating_flags=(--force --all --simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __moonspot_add_completions -f
        return
        ;;
    esac
}

_moonspot_history() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--output --forget)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--forget')
        return
        ;;
    esac
}

_moonspot_undo() {
    repeating_flags=()
    non_repeating_flags=(--plan --force --simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_resume() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options 1
}

_moonspot_retry() {
    repeating_flags=()
    non_repeating_flags=(--plan --simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--rows --profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--rows')
        __moonspot_add_completions -f
        return
        ;;
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_check() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options -1

    # Offer positional completions
    case "${positional_number}" in
    *)
        __moonspot_add_completions -o plusdirs -fX '!*.@(lua)'
        return
        ;;
    esac
}

_moonspot_test() {
    repeating_flags=()
    non_repeating_flags=(--tap --version -h --help)
    repeating_options=()
    non_repeating_options=(--junit --filter --time-limit)
    __moonspot_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--junit')
        return
        ;;
    '--filter')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __moonspot_add_completions -o plusdirs -fX '!*.@(lua)'
        return
        ;;
    esac
}

_moonspot_init() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __moonspot_add_completions -d
        return
        ;;
    esac
}

_moonspot_forms() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|fill|snippet|serve)
        # Offer subcommand argument completions
        "_moonspot_forms_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show fill snippet serve' -- "${cur}"))
        ;;
    esac
}

_moonspot_forms_list() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_forms_show() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_forms_fill() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_forms_snippet() {
    repeating_flags=()
    non_repeating_flags=(--secure --simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    2)
        __moonspot_add_completions -W 'fetch'$'\n''html'$'\n''curl'$'\n''react'$'\n''python'$'\n''lua'
        return
        ;;
    esac
}

_moonspot_forms_serve() {
    repeating_flags=()
    non_repeating_flags=(--simulator --fast-clock --read-only --dry-run --no-batch --no-progress --yes --fresh --untrusted --version -h --help)
    repeating_options=()
    non_repeating_options=(--port --profile --base-url --api-version --store --timeout --log-level --forms-url --limits --reserve --allow --output --concurrency --max-delete --journal --memory-limit --time-limit)
    __moonspot_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--port')
        return
        ;;
    '--profile')
        return
        ;;
    '--base-url')
        return
        ;;
    '--api-version')
        __moonspot_add_completions -W '2026-09'$'\n''2026-03'$'\n''v3'
        return
        ;;
    '--store')
        __moonspot_add_completions -W 'memory'$'\n''file'$'\n''redis://'
        return
        ;;
    '--timeout')
        return
        ;;
    '--log-level')
        __moonspot_add_completions -W 'trace'$'\n''debug'$'\n''info'$'\n''notice'$'\n''warning'$'\n''error'$'\n''critical'
        return
        ;;
    '--forms-url')
        return
        ;;
    '--limits')
        __moonspot_add_completions -W 'free'$'\n''starter'$'\n''professional'$'\n''enterprise'$'\n''add-on'$'\n''unlimited'
        return
        ;;
    '--reserve')
        return
        ;;
    '--allow')
        return
        ;;
    '--output')
        __moonspot_add_completions -W 'text'$'\n''json'$'\n''jsonl'$'\n''csv'
        return
        ;;
    '--concurrency')
        return
        ;;
    '--max-delete')
        return
        ;;
    '--journal')
        __moonspot_add_completions -W 'off'$'\n''writes'$'\n''undo'
        return
        ;;
    '--memory-limit')
        return
        ;;
    '--time-limit')
        return
        ;;
    esac
}

_moonspot_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __moonspot_offer_flags_options -1
}

complete -o filenames -o bashdefault -o default -F _moonspot moonspot
