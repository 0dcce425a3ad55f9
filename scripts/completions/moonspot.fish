function __moonspot_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __moonspot_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __moonspot_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __moonspot_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __moonspot_parse_tokens -S
    set -l unparsed_tokens (__moonspot_tokens -pc)
    switch $unparsed_tokens[1]
    case 'moonspot'
        __moonspot_parse_subcommand 0 'e=+' 'i' 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'repl'
            __moonspot_parse_subcommand 0 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'version' 'h/help'
        case 'run'
            __moonspot_parse_subcommand 1 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'version' 'h/help'
        case 'simulator'
            __moonspot_parse_subcommand 0 'host=' 'port=' 'token=' 'tier=' 'limits=' 'contacts=' 'seed=' 'db=' 'latency=' 'search-lag=' 'form-delay=' 'search-headers' 'merge-new-id' 'faults=' 'scopes=' 'oauth-life=' 'oauth-rotate' 'version' 'h/help'
        case 'auth'
            __moonspot_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'login'
                __moonspot_parse_subcommand -r 1 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'kind=' 'keyring' 'client-id=' 'scopes=' 'port=' 'no-browser' 'header=' 'query=' 'version' 'h/help'
            case 'status'
                __moonspot_parse_subcommand 0 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'all' 'version' 'h/help'
            case 'logout'
                __moonspot_parse_subcommand 0 'profile=' 'revoke' 'version' 'h/help'
            case 'list'
                __moonspot_parse_subcommand 0 'output=' 'version' 'h/help'
            case 'default'
                __moonspot_parse_subcommand 1 'version' 'h/help'
            end
        case 'limits'
            __moonspot_parse_subcommand 0 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'version' 'h/help'
        case 'doctor'
            __moonspot_parse_subcommand 0 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'version' 'h/help'
        case 'history'
            __moonspot_parse_subcommand 1 'output=' 'forget=' 'version' 'h/help'
        case 'undo'
            __moonspot_parse_subcommand 1 'plan' 'force' 'profile=' 'base-url=' 'api-version=' 'store=' 'timeout=' 'log-level=' 'simulator' 'fast-clock' 'forms-url=' 'limits=' 'reserve=' 'read-only' 'dry-run' 'allow=' 'output=' 'no-batch' 'concurrency=' 'no-progress' 'yes' 'max-delete=' 'journal=' 'memory-limit=' 'time-limit=' 'untrusted' 'version' 'h/help'
        case 'check'
            __moonspot_parse_subcommand -r 1 'version' 'h/help'
        case 'test'
            __moonspot_parse_subcommand -r 1 'tap' 'junit=' 'filter=' 'time-limit=' 'version' 'h/help'
        case 'init'
            __moonspot_parse_subcommand 1 'version' 'h/help'
        case 'help'
            __moonspot_parse_subcommand -r 1 'version'
        end
    end
end

function __moonspot_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __moonspot_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __moonspot_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __moonspot_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__moonspot_tokens -p)
    if test -z "$(__moonspot_tokens -t)"
        set -l index (count (__moonspot_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'moonspot' -f
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot"' -s 'e' -d 'Runs the code and prints what it returns; an expression will do.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" i' -s 'i' -d 'Enters the REPL after the script.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'repl' -d 'The console: type Lua, see what it returns.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'run' -d 'Runs a script.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'simulator' -d 'The simulator as a server.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'auth' -d 'Profiles and their credentials.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'limits' -d 'What is left of the quota.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'doctor' -d 'What is set up, what is missing, how to mend it.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'history' -d 'The runs that wrote something, or one run\'s writes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'undo' -d 'Takes back what a run wrote.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'check' -d 'Finds mistakes in scripts without running them.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'test' -d 'Runs the tests of scripts, each on a simulator of its own.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'init' -d 'Begins a project: a script, its test, settings for editors, a README.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot repl" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot run" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'lua\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" host' -l 'host' -d 'The address to listen on.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" port' -l 'port' -d 'The port; 0 takes any free one.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" token' -l 'token' -d 'The bearer token that is accepted. (default: made up at the start)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" tier' -l 'tier' -d 'The account\'s tier: free, starter, professional, enterprise, add-on, unlimited. (default: professional)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" limits' -l 'limits' -d 'The quota spelled out: 190/10s,625000/day,search=5/s,...' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" contacts' -l 'contacts' -d 'How many contacts to make up, and with them companies, deals, tickets, notes and tasks in proportion. (default: a handful)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" seed' -l 'seed' -d 'The same seed makes the same contacts.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" db' -l 'db' -d 'A SQLite file that keeps the portal. (default: in memory)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" latency' -l 'latency' -d 'How long each answer takes: 80ms or 40ms..120ms.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" search-lag' -l 'search-lag' -d 'How long a write stays invisible to searches: 2s. (default: 0)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" form-delay' -l 'form-delay' -d 'How long after a form submission its contact appears: 2s. (default: 0)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" search-headers' -l 'search-headers' -d 'Searches answer with the day\'s rate-limit headers. (default: they have none)'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" merge-new-id' -l 'merge-new-id' -d 'A merge gives the survivor a new id, which the old ones lead to. (default: the primary\'s id stays)'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" faults' -l 'faults' -d 'Faults by chance: 502=1%,reset=0.5%,timeout=0.1%.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" scopes' -l 'scopes' -d 'The scopes of the token. (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" oauth-life' -l 'oauth-life' -d 'How long an OAuth access token lives: 5s. (default: 30m)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" oauth-rotate' -l 'oauth-rotate' -d 'Each refresh gives a new refresh token, and ends the one before. (default: it stays)'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot simulator" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot auth" -eq 1' -fa 'login' -d 'Checks a credential with HubSpot and keeps it for a profile.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot auth" -eq 1' -fa 'status' -d 'Which credential is used, whether HubSpot takes it, and what it opens.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot auth" -eq 1' -fa 'logout' -d 'Forgets the credential of a profile.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot auth" -eq 1' -fa 'list' -d 'The profiles, and how each authenticates. Asks nobody.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot auth" -eq 1' -fa 'default' -d 'Makes a profile the one that is used where none is named.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" kind' -l 'kind' -d 'token, oauth, client_credentials, api_key, header or query. (default: asked for; token where nobody can be asked)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" keyring' -l 'keyring' -d 'Keeps the secret in the desktop\'s keyring, through secret-tool.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" client-id' -l 'client-id' -d 'The OAuth app\'s client id.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" scopes' -l 'scopes' -d 'The scopes that the app asks for, separated by commas.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" port' -l 'port' -d 'Where the browser\'s answer is waited for: http://localhost:PORT/oauth-callback. (default: 8976)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" no-browser' -l 'no-browser' -d 'Prints the address of the consent page and opens no browser.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" header' -l 'header' -d 'With --kind header: the header\'s name.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" query' -l 'query' -d 'With --kind query: the query\'s key.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth login" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" all' -l 'all' -d 'Every profile of config.toml.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth logout" profile' -l 'profile' -d 'The profile. (default: the default profile)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth logout" revoke' -l 'revoke' -d 'Has HubSpot forget the OAuth login as well.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth logout" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth logout" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth list" output' -l 'output' -d 'How it is printed: text or json.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth list" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth default" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot auth default" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot limits" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot history" output' -l 'output' -d 'How it is printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot history" forget' -l 'forget' -d 'Forgets a run, or the runs that began so long ago: 12h, 30d.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot history" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot history" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" plan' -l 'plan' -d 'Shows what would be done, and does nothing.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" force' -l 'force' -d 'Takes back what was changed since as well.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" profile' -l 'profile' -d 'A profile of config.toml.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" base-url' -l 'base-url' -d 'HubSpot\'s API. (default: https://api.hubapi.com)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" api-version' -l 'api-version' -d '2026-09, 2026-03 or v3. (default: 2026-09)' -rfka '2026-09 2026-03 v3'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" store' -l 'store' -d 'Where the quota\'s state lives: memory, file or redis://host:port/db. (default: file)' -rfka 'memory file redis://'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" timeout' -l 'timeout' -d 'For one attempt of a request, waits not counted. (default: 30s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" log-level' -l 'log-level' -d 'trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)' -rfka 'trace debug info notice warning error critical'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" simulator' -l 'simulator' -d 'An in-process simulator: no account, no token, no network.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" fast-clock' -l 'fast-clock' -d 'With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" forms-url' -l 'forms-url' -d 'The forms host. (default: https://api.hsforms.com or the region\'s; with a --base-url on loopback: the same)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" limits' -l 'limits' -d 'The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as 190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)' -rfka 'free starter professional enterprise add-on unlimited'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" reserve' -l 'reserve' -d 'The share of the day\'s quota that is kept from bulk work.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" read-only' -l 'read-only' -d 'Every call that would write raises an error instead.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" dry-run' -l 'dry-run' -d 'Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" allow' -l 'allow' -d 'What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" output' -l 'output' -d 'How values are printed: text, json, jsonl or csv.' -rfka 'text json jsonl csv'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" no-batch' -l 'no-batch' -d 'One request per call.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" concurrency' -l 'concurrency' -d 'Requests in flight at most. (default: 10)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" no-progress' -l 'no-progress' -d 'No progress lines on a terminal.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" yes' -l 'yes' -d 'Answers every question before a write with yes.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" max-delete' -l 'max-delete' -d 'Deletions, archivals, unlinks and merges that the run may make at most.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" journal' -l 'journal' -d 'What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" memory-limit' -l 'memory-limit' -d 'The most that Lua may allocate: 64M, 1G.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" time-limit' -l 'time-limit' -d 'Stops the script after that long: 500ms, 30s, 5m.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" untrusted' -l 'untrusted' -d 'No io, os.execute, debug, package.loadlib, C modules, bytecode.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot undo" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot check" -ge 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'lua\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot check" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot test" tap' -l 'tap' -d 'Reports as TAP, version 14.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot test" junit' -l 'junit' -d 'Writes a report as JUnit\'s XML too.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot test" filter' -l 'filter' -d 'Only tests whose name contains the text.' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot test" time-limit' -l 'time-limit' -d 'Stops a test after that long. (default: 60s)' -rfka ''
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot test" -ge 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'lua\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot test" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot test" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_positional "moonspot init" -eq 1' -fa '(__moonspot_complete_directories)'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot init" version' -l 'version' -d 'Show the version.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot init" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'moonspot' -n '__moonspot_should_offer_completions_for_flags_or_options "moonspot help" version' -l 'version' -d 'Show the version.'
