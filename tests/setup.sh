# The shared set-up of scenarios/run and tests/run: packages, configuration, build. Sourced.
#
# It expects $root, the top of the tree. It is silent when there is nothing to do. Several runs may
# use one tree at the same time: a build directory is used under a shared lock (build/.lock) and
# changed under an exclusive one.

# What building and running needs. README.md has the reason for each.
build_packages="gcc libc6-dev cmake ninja-build pkg-config git
    librdkafka-dev libuv1-dev libprotobuf-c-dev protobuf-c-compiler protobuf-compiler libgit2-dev
    libjansson-dev libsqlite3-dev libssl-dev zlib1g-dev libsnappy-dev liblz4-dev libzstd-dev
    libisal-dev uthash-dev libcunit1-dev"
# What the tests need beyond that.
test_packages="valgrind libc6-dbg kcat sqlite3 universal-ctags"

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "error: $*"
    exit 99
}

# Prints those of the named packages that are not installed.
missing_packages() {
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed*) ;;
        *) printf '%s\n' "$package" ;;
        esac
    done
}

# Runs a command with its output kept back; shows all of it when the command fails.
quietly() {
    quiet_log=$(mktemp) || die "no temporary file"
    if "$@" >"$quiet_log" 2>&1 </dev/null; then
        rm -f "$quiet_log"
        return 0
    fi
    cat "$quiet_log" >&2
    rm -f "$quiet_log"
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo DEBIAN_FRONTEND=noninteractive "$@"
    else
        say "neither root nor sudo; run this as root: $*"
        return 1
    fi
}

# Installs what is missing of the named packages; asks apt only then.
install_packages() {
    command -v dpkg-query >/dev/null 2>&1 || die "this needs Debian 12 or 13, or Ubuntu 24.04 (dpkg)"
    wanted=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "$wanted" ] || return 0
    say "installing: $wanted"
    quietly as_root apt-get -o DPkg::Lock::Timeout=600 update ||
        say "apt-get update failed; going on with the lists that are there"
    # shellcheck disable=SC2086 # a list of package names
    quietly as_root apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends $wanted ||
        die "apt-get could not install: $wanted"
}

# True when build directory $1 was configured with all of packages $2 there: a test of a program
# that was not yet installed then is missing in it.
is_configured() {
    [ -f "$1/build.ninja" ] && [ -f "$1/.configured" ] || return 1
    for package in $2; do
        grep -q -x -e "$package" "$1/.configured" || return 1
    done
}

# True when build directory $1 holds a complete and current build, configured with packages $2.
is_current() {
    is_configured "$1" "$2" && [ -f "$1/.built" ] &&
        ninja -C "$1" -n 2>/dev/null | grep -q '^ninja: no work to do'
}

# Configures and builds as far as necessary. $1: the directory, $2: the packages, the rest: options
# for CMake.
configure_and_build() {
    dir=$1
    packages=$2
    shift 2
    rm -f "$dir/.built"
    if ! is_configured "$dir" "$packages"; then
        say "configuring ${dir#"$root"/}"
        rm -f "$dir/.configured"
        # A configuration that was interrupted must not decide anything for this one.
        rm -rf "$dir/CMakeCache.txt" "$dir/CMakeFiles"
        quietly cmake -S "$root" -B "$dir" -G Ninja "$@" || die "CMake failed"
        # shellcheck disable=SC2086 # a list of package names
        printf '%s\n' $packages >"$dir/.configured"
    fi
    say "building ${dir#"$root"/}"
    if [ -t 2 ]; then
        ninja -C "$dir" >&2 </dev/null || die "the build failed"
    else
        quietly ninja -C "$dir" || die "the build failed"
    fi
    : >"$dir/.built"
}

# Takes lock file $1 exclusively (-x) or shared (-s) on descriptor 9, which must be open.
lock_build() {
    flock -n "$2" 9 && return 0
    say "waiting for another run that uses ${1#"$root"/}"
    flock "$2" 9
}

# Brings build directory $1 up to date with packages $2; the rest are options for CMake. On return
# this process, and what it becomes, holds the shared lock: nothing is rebuilt under a running test.
set_up() {
    set_up_dir=$1
    set_up_packages=$2
    shift 2
    mkdir -p "$set_up_dir"
    exec 9>"$set_up_dir/.lock"
    lock_build "$set_up_dir" -s
    # shellcheck disable=SC2086 # a list of package names
    if [ -z "$(missing_packages $set_up_packages)" ] &&
        is_current "$set_up_dir" "$set_up_packages"; then
        return 0
    fi
    lock_build "$set_up_dir" -x
    # shellcheck disable=SC2086
    install_packages $set_up_packages
    is_current "$set_up_dir" "$set_up_packages" ||
        configure_and_build "$set_up_dir" "$set_up_packages" "$@"
    flock -s 9
}
