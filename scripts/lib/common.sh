# Shared by the scripts beside this folder, which source it. Bash.
#
# Says on standard error what it does, asks nothing, and needs root only where a Debian package is missing.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
logs=$root/.build/logs

# Debian packages that the build needs; scripts/test adds what the tests run.
build_packages=(git libhiredis-dev liblua5.4-dev libedit-dev libmd-dev libsimdjson-dev libsqlite3-dev pkg-config)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# usage TEXT ARGUMENTS...: prints the text where --help is among the arguments.
usage() {
  local text=$1 word
  shift
  for word in "$@"; do
    case $word in
    --) return ;;
    -h | --help)
      printf '%s\n' "$text"
      exit 0
      ;;
    esac
  done
}

# 75 -> 1m 15s
elapsed() {
  if (($1 < 60)); then
    printf '%ds' "$1"
  else
    printf '%dm %02ds' $(($1 / 60)) $(($1 % 60))
  fi
}

# Puts `swift` on the PATH, or ends with one sentence.
need_swift() {
  local folder
  if ! command -v swift >/dev/null; then
    for folder in /opt/swift/usr/bin "${SWIFTLY_BIN_DIR:-${HOME:-/root}/.local/share/swiftly/bin}" /usr/libexec/swift/bin; do
      if [[ -x $folder/swift ]]; then
        PATH=$PATH:$folder
        break
      fi
    done
  fi
  command -v swift >/dev/null ||
    die "Swift is not installed: moonspot is built with Swift 6.2 or later, from https://www.swift.org/install/linux/"
}

installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# need_packages NAME...: installs the Debian packages that are missing, as root or through sudo without a password.
need_packages() {
  local missing=() name
  if ! command -v dpkg-query >/dev/null; then
    # Not Debian: it is enough that the libraries are found.
    pkg-config --exists lua5.4 libedit libmd simdjson sqlite3 hiredis 2>/dev/null ||
      die "This is not Debian: install Lua 5.4, libedit, libmd, simdjson, SQLite and hiredis with their headers, and pkg-config, yourself."
    return
  fi
  for name in "$@"; do
    installed "$name" || missing+=("$name")
  done
  ((${#missing[@]})) || return 0

  local install=(apt-get install --yes --no-install-recommends "${missing[@]}") as=()
  if ((EUID != 0)); then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as=(sudo -n)
    else
      say "These Debian packages are missing, and installing them takes root. Run this, then start again:"
      say "    sudo ${install[*]}"
      exit 1
    fi
  fi
  mkdir -p "$logs"
  say "installing Debian packages: ${missing[*]}"
  local log=$logs/apt.log quiet=(env DEBIAN_FRONTEND=noninteractive)
  if ! "${as[@]}" "${quiet[@]}" apt-get update >"$log" 2>&1 </dev/null ||
    ! "${as[@]}" "${quiet[@]}" "${install[@]}" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    die "apt-get failed (the whole log: $log)"
  fi
}

# The newest step that a log of SwiftPM shows: "[12/345] Compiling NIOCore".
build_step() {
  tail -c 4096 "$1" 2>/dev/null | grep -aoE '^(\[[0-9]+/[0-9]+\] [A-Za-z]+( [A-Za-z0-9_.-]+)?|Fetching [^ ]+)' | tail -n 1 || true
}

# watched LABEL LOG COMMAND...: runs a command with its output in a log, shows that it is working, and the log's end where
# it fails. Returns the command's status.
watched() {
  local label=$1 log=$2 begun=$SECONDS pid status=0 shown=0 step
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  # A shell without job control starts it deaf to Ctrl-C.
  trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; [[ -t 2 ]] && printf "\n" >&2; exit 130' INT TERM
  [[ -t 2 ]] || say "$label ..."
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.3
    step=$(build_step "$log")
    if [[ -t 2 ]]; then
      printf '\r\033[K%s: %s  %s' "$label" "$(elapsed $((SECONDS - begun)))" "$step" >&2
    elif ((SECONDS - begun - shown >= 30)); then
      shown=$((SECONDS - begun))
      say "$label: $(elapsed "$shown")  $step"
    fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
  if ((status == 0)); then
    say "$label: done in $(elapsed $((SECONDS - begun)))"
  fi
  return "$status"
}

# Makes .build/lua/lua5.4.o of liblua5.4.a. What comes out of an archive is hidden in a program with a static Swift runtime
# (the toolchain's static-stdlib-args.lnk says --exclude-libs ALL), and C modules need Lua's functions.
lua_object() {
  local archive object=$root/.build/lua/lua5.4.o
  archive=$(pkg-config --variable=libdir lua5.4)/liblua5.4.a
  [[ -r $archive ]] || die "$archive is missing: moonspot links Lua 5.4 statically, install its static library too"
  if [[ ! $object -nt $archive ]]; then
    mkdir -p "$root/.build/lua"
    ld -r --whole-archive "$archive" -o "$object.new"
    mv "$object.new" "$object"
  fi
}

# Makes .build/icu/icu_data.o: the part of ICU's data that moonspot uses, in place of the whole, which is a third of a program
# with a static Foundation. Where that cannot be done, the build takes the whole and is none the worse for it.
icu_object() {
  local object=$root/.build/icu/icu_data.o archive log=$logs/icu.log
  archive=$(swift -print-target-info | sed -nE 's/.*"runtimeResourcePath": "(.*)".*/\1/p')_static/linux/lib_FoundationICU.a
  if [[ ! $object -nt $archive || ! $object -nt $root/scripts/lib/icu_data.py ]]; then
    mkdir -p "$logs"
    if ! python3 "$root/scripts/lib/icu_data.py" "$archive" "$root/.build/icu" >"$log" 2>&1; then
      say "the program gets all of ICU's data and 30 MB more (why: $log)"
      rm -f "$object"
      return
    fi
  fi
  printf '%s' "$object"
}

# The order of the program's functions, for the linker. It is made once from the program itself, which is linked once more with
# it then; later builds keep it, since a name that is gone does no harm. A line that names no function leaves the linker's own order.
order=$root/.build/order/functions

# order_functions: makes it of .build/release/moonspot.
order_functions() {
  say "running the program on a few jobs, to put the functions together that it needs"
  if ! timeout 120 python3 "$root/scripts/lib/function_order.py" "$root/.build/release/moonspot" "$order.new" >"$logs/order.log" 2>&1; then
    say "the program's functions stay in the linker's order (why: $logs/order.log)"
    echo none >"$order.new"
  fi
  mv "$order.new" "$order"
}

# release_product NAME: builds one product in release mode, every time with the same options, so that nothing is built twice.
release_product() {
  local options icu
  mkdir -p "$logs" "${order%/*}"
  [[ -e $order ]] || : >"$order"
  need_packages "${build_packages[@]}" binutils python3
  need_swift
  lua_object
  icu=$(icu_object)
  # No debug information: a crash's stack shows names from the symbol table, and the build takes a third less.
  options=(-debug-info-format none --static-swift-stdlib -Xlinker "-L$root/.build/lua")
  # 150,000 relocations in 3 MB less, which the start need not read. glibc knows that form since 2.36.
  if printf '2.36\n%s\n' "$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2)" | sort -C -V; then
    options+=(-Xlinker -z -Xlinker pack-relative-relocs)
  fi
  if ! watched "building $1 (the first time takes some minutes)" "$logs/release.log" \
    env MOONSPOT_LUA_LIBRARY=:lua5.4.o MOONSPOT_FUNCTION_ORDER="$order" ${icu:+MOONSPOT_ICU_DATA="$icu"} \
    swift build --package-path "$root" --configuration release "${options[@]}" --product "$1"; then
    tail -n 40 "$logs/release.log" >&2
    die "the build failed (the whole log: $logs/release.log)"
  fi
}

# Builds .build/release/moonspot unless nothing has changed since it was built.
build_release() {
  local binary=$root/.build/release/moonspot stamp=$root/.build/release.stamp begun
  if [[ -x $binary && -e $stamp ]]; then
    # A file that was added or removed shows in its folder's time.
    local changed
    changed=$(find "$root/Sources" "$root/stdlib" "$root/Package.swift" -newer "$stamp" -print -quit)
    [[ -n $changed ]] || return 0
  fi
  begun=$(date +%s)
  release_product moonspot
  if [[ ! -s $order ]]; then
    order_functions
    rm -f "$binary"
    release_product moonspot
  fi
  # What changes while it is built is newer than the stamp.
  touch --date="@$begun" "$stamp"
}

# The version that the program tells.
version() { sed -nE 's/.*static let current = "([0-9.]+)"/\1/p' "$root/Sources/HubSpot/HubSpot.swift"; }

# shared_files ZSH: what belongs below a share folder, as "FROM TO"; ZSH is the folder of zsh's completions there.
shared_files() {
  printf '%s %s\n' \
    docs/moonspot.1 man/man1/moonspot.1 \
    scripts/completions/moonspot.bash bash-completion/completions/moonspot \
    scripts/completions/_moonspot "zsh/$1/_moonspot" \
    scripts/completions/moonspot.fish fish/vendor_completions.d/moonspot.fish
}

# put_files SHARE ZSH: copies them, with the scripts that people run and the annotations for editors.
put_files() {
  local share=$1 from to
  while read -r from to; do
    mkdir -p "$share/${to%/*}"
    install -m 644 "$root/$from" "$share/$to"
  done < <(shared_files "$2")
  rm -rf "$share/moonspot/automation" "$share/moonspot/meta"
  mkdir -p "$share/moonspot/automation" "$share/moonspot/meta"
  install -m 755 "$root"/scripts/automation/*.lua "$share/moonspot/automation"
  install -m 644 "$root"/stdlib/meta/*.lua "$share/moonspot/meta"
}

# remove_files SHARE ZSH: takes away what put_files put there, and the folders that are empty then.
remove_files() {
  local share=$1 from to folder
  rm -rf "$share/moonspot/automation" "$share/moonspot/meta"
  rmdir "$share/moonspot" 2>/dev/null || true
  while read -r from to; do
    rm -f "$share/$to"
    folder=${to%/*}
    while [[ $folder != . && $folder != "$share" ]]; do
      rmdir "$share/$folder" 2>/dev/null || break
      [[ $folder == */* ]] || break
      folder=${folder%/*}
    done
  done < <(shared_files "$2")
}
