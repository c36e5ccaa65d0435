# How the scripts configure and build. Source it; it defines $root, the project's folder, and functions.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/packages.sh
source "$root/scripts/lib/packages.sh"

# ccache, where it is installed and can write its cache (HOME may be missing or belong to somebody else).
compiler_launcher() {
  local cache
  command -v ccache >/dev/null || return 0
  cache=$(ccache --get-config cache_dir 2>/dev/null) || return 0
  mkdir -p "$cache" 2>/dev/null || return 0
  if [[ -w $cache ]]; then echo ccache; fi
}

# configure_build FOLDER [CMAKE OPTION...]
configure_build() {
  local folder=$1
  shift
  cmake -S "$root" -B "$folder" -G Ninja "-DCMAKE_CXX_COMPILER_LAUNCHER=$(compiler_launcher)" "$@" ||
    die "cannot configure $folder (made by another user or in another place? then remove it)"
}

# compile FOLDER [CMAKE BUILD OPTION...]
compile() {
  cmake --build "$1" "${@:2}" || die "the build failed"
}

# Everything, with warnings as errors: what scripts/test runs and scripts/lint reads.
configure_test_build() {
  configure_build "$1" -DNANDTLM_TESTS=ON -DNANDTLM_BENCH=ON -DNANDTLM_WERROR=ON "${@:2}"
}

# clang compiles instrumented code in half of the time that g++ needs, and is a second opinion on warnings.
configure_sanitize_build() {
  # SystemC switches stacks by itself.
  export ASAN_OPTIONS=detect_stack_use_after_return=0:strict_string_checks=1:check_initialization_order=1
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  configure_test_build "$1" -DCMAKE_CXX_COMPILER=clang++ -DNANDTLM_SANITIZE=address,undefined \
    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1"
}
