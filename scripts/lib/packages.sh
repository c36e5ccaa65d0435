# Which Debian packages the project needs, and how they get onto the machine. Sourced by build.sh.
# shellcheck shell=bash disable=SC2034

readonly NANDTLM_BUILD_PACKAGES=(g++ cmake ninja-build pkg-config libsystemc-dev libyaml-cpp-dev libfmt-dev
  libcli11-dev nlohmann-json3-dev zlib1g-dev)
readonly NANDTLM_TEST_PACKAGES=(libgtest-dev libgmock-dev librapidcheck-dev)
readonly NANDTLM_SANITIZE_PACKAGES=(clang libclang-rt-dev llvm)
readonly NANDTLM_LINT_PACKAGES=(clang-format clang-tidy)

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

package_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# require_packages NAME...: asks the package manager for those that are missing, and for nothing else.
require_packages() {
  command -v dpkg-query >/dev/null || return 0 # not a Debian: CMake names what it does not find
  local package missing=()
  for package in "$@"; do
    package_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "no sudo here; let root run: apt-get install ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  printf 'installing: %s\n' "${missing[*]}"
  "${apt[@]}" update || printf 'the package lists are not fresh, going on with those at hand\n' >&2
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null ||
    die "could not install: ${missing[*]}"
}
