#!/bin/sh
# Assembles the server in a folder, from a checkout, for linux on amd64 or arm64: deploy/build-tree.sh FOLDER [ARCH]
set -eu
cd "$(dirname "$0")/.."
folder=$1
if [ -e "$folder/bin/nightjar.js" ]; then exit 0; fi
here=$(node -p process.arch)
case "${2:-}" in
  '') arch=$here ;;
  amd64 | x64) arch=x64 ;;
  arm64) arch=arm64 ;;
  *) echo "There are no packages for $2." >&2; exit 1 ;;
esac

npm ci --include=dev --no-audit --no-fund
npm run --silent build
modules=$PWD
if [ "$arch" != "$here" ]; then
  # Packages of another architecture run no script here; their Node comes as a package of its own.
  modules=$(mktemp -d)
  cp package.json package-lock.json .npmrc "$modules"
  node=$(node -p 'require("./node_modules/node/package.json").version')
  (
    cd "$modules"
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund --os=linux --cpu="$arch"
    npm install --no-save --omit=dev --ignore-scripts --no-audit --no-fund --force --os=linux --cpu="$arch" "node-linux-$arch@$node"
  )
fi
node_modules/.bin/node deploy/package-tree.ts "$folder" --arch "$arch" --modules "$modules"
if [ "$modules" != "$PWD" ]; then rm -rf "$modules"; fi
# Symbols are 18 MB. Binutils of another architecture leave it as it is.
strip "$folder/node_modules/node/bin/node" 2> /dev/null || true
