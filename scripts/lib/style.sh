# How the source files should read: scripts/test checks it and scripts/format mends it. Sourced behind common.sh. Bash.
# shellcheck disable=SC2034  # the scripts that source it use its variables

# Whether Swift and C are held to their formatters. Lua and shell always are held to theirs.
checks_formatting=true

# swift format comes with Swift.
style_packages=(clang-format lua-check shellcheck)

# source_files NAME...: the files of ours whose names match one of the patterns, with a zero byte behind each.
source_files() {
  local names=(-name "$1") name
  for name in "${@:2}"; do names+=(-o -name "$name"); done
  find . -path './.*' ! -path './.ci*' -prune -o -name .build -prune -o -type f \( "${names[@]}" \) -print0
}

swift_files() { source_files '*.swift'; }
c_files() { source_files '*.c' '*.h' '*.cpp'; }
lua_files() { source_files '*.lua'; }

# Files in scripts/ have no ending: all but Lua and Python there are Bash.
shell_files() {
  find .ci scripts -maxdepth 1 -type f ! -name '*.*' -print0
  find scripts/lib -name '*.sh' -print0
  find Tests/PackageTests -type f -print0
}

lint_swift() { swift_files | xargs -0 swift format lint --strict --parallel; }
lint_c() { c_files | xargs -0 clang-format --dry-run --Werror; }
lint_lua() { lua_files | xargs -0 luacheck --quiet --no-color; }
lint_shell() { shell_files | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR --shell=bash; }

mend_swift() { swift_files | xargs -0 swift format format --in-place --parallel; }
mend_c() { c_files | xargs -0 clang-format -i; }
