#!/bin/sh
# Makes .venv and installs what is missing: `scripts/set_up.sh demo`, `… studio` or `… test`.
# System packages are installed where we may (root on Debian or Ubuntu); else the one line to run is shown.
set -eu
purpose=$1
cd "$(dirname "$0")/.."

# What Qt needs to open a window on X11; the tests bring a virtual screen.
window_packages="libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-randr0
  libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0
  libxcb-xkb1 libxkbcommon-x11-0 libxkbcommon0 libx11-xcb1 libegl1 libgl1 libgl1-mesa-dri libfontconfig1
  libdbus-1-3 libglib2.0-0 fonts-dejavu-core"
[ "$purpose" = test ] && window_packages="xvfb xauth $window_packages"

say() { printf '%s\n' "$*" >&2; }

python=${PYTHON:-}
if [ -z "$python" ]; then
  for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
fi

packages=""
if [ -z "$python" ] || ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  packages="python3 python3-venv"
fi
if [ "$purpose" != demo ] && command -v dpkg-query >/dev/null 2>&1; then
  for package in $window_packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || packages="$packages $package"
  done
fi
packages=$(echo $packages)
if [ -n "$packages" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing system packages: $packages"
    apt-get update -qq >&2
    # shellcheck disable=SC2086  # a list of words is meant
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
    python=${python:-python3}
  else
    say "Some system packages are missing. Run this, then try again:"
    say "  sudo apt-get install -y $packages"
    exit 1
  fi
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  say "VPT Studio needs Python 3.11 or newer; $python is $("$python" --version)."
  exit 1
fi

if [ ! -x .venv/bin/python ]; then
  say "Making .venv"
  "$python" -m venv .venv
fi
stamp=.venv/installed-for-$purpose
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ constraints.txt -nt "$stamp" ]; then
  say "Installing Python packages (a few minutes the first time)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
  if [ "$purpose" = test ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
      --editable '.[recorder,training,window]' --group dev
  elif [ "$purpose" = studio ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
      --editable '.[recorder,training,window]'
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
      --editable '.[training]'
  fi
  touch "$stamp"
fi
