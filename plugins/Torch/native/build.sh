#!/bin/sh
# build.sh OUTPUT [LIBTORCH]: builds the shim against LIBTORCH, Debian's libtorch or that of a Python torch package, whichever is there first.
# OUTPUT/libtorch.txt says which it is, or what is missing; a missing thing is no error.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
exec 9>lock
if command -v flock >/dev/null; then flock 9; fi

fail_softly() {
  rm -f libbrainstate_torch.so libbrainstate_torch_graphs.so
  echo "missing=$1" >libtorch.txt
  exit 0
}

is_there() { command -v "$1" >/dev/null; }

root='' origin=''
if [ -n "${2:-}" ]; then
  root=$2 origin=LIBTORCH
  if [ "$root" = /usr ]; then origin=Debian; fi
  if [ ! -e "$root/include/ATen/ATen.h" ]; then fail_softly "a libtorch in $root, which LIBTORCH names"; fi
elif [ -e /usr/include/ATen/ATen.h ]; then
  root=/usr origin=Debian
elif is_there python3; then
  # Finding the package is quick, importing it is not.
  root=$(python3 -c 'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")' 2>/dev/null || true) origin=Python
  if [ ! -e "$root/include/ATen/ATen.h" ]; then root=''; fi
fi

missing=''
need() { missing="$missing${missing:+, }$1"; }
if [ -z "$root" ]; then need libtorch; fi
is_there cmake || need cmake
is_there "${CXX:-c++}" || need 'a C++ compiler'
is_there make || is_there ninja || need make
if [ -n "$missing" ]; then fail_softly "$missing"; fi

generator='Unix Makefiles'
if is_there ninja; then generator=Ninja; fi
if [ -e CMakeCache.txt ] && ! grep -qx "CMAKE_GENERATOR:INTERNAL=$generator" CMakeCache.txt; then rm -rf CMakeCache.txt CMakeFiles; fi
# Another libtorch than last time: what was found then must be forgotten.
if [ -e CMakeCache.txt ] && ! grep -qx "LIBTORCH:PATH=$root" CMakeCache.txt; then rm -rf CMakeCache.txt CMakeFiles; fi

if [ ! -e libbrainstate_torch.so ]; then echo "Building the native part of the torch backend against the libtorch in $root; the first time takes minutes."; fi
if ! { cmake -S "$source" -B . -G "$generator" -DLIBTORCH="$root" && cmake --build . --target brainstate_torch -j "$(nproc)"; } >log 2>&1; then
  cat log >&2
  exit 1
fi

# CUDA graphs are an extra: where their library does not build, programs run without them.
if grep -q '^HAS_CUDA_GRAPHS:INTERNAL=TRUE' CMakeCache.txt && cmake --build . --target brainstate_torch_graphs >graphs.log 2>&1; then :; else rm -f libbrainstate_torch_graphs.so; fi

# Since 2.8 the numbers stand in a header of their own.
headers=$(ls "$root/include/torch/headeronly/version.h" "$root/include/torch/csrc/api/include/torch/version.h" 2>/dev/null || true)
version=$(sed -n 's/^ *#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) *\([0-9]*\).*/\2/p' $headers | head -3 | paste -sd.)
library=$(sed -n 's/^TORCH_CPU:FILEPATH=//p' CMakeCache.txt)
printf 'version=%s\nfolder=%s\norigin=%s\n' "$version" "$(dirname "$library")" "$origin" >libtorch.txt
touch libbrainstate_torch.so  # Also if nothing was to be done: the build looks at its time.
