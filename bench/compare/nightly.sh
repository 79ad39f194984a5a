#!/bin/sh
# Builds what is checked out, and compares its speed with the stored run; 1 where it got slower.
set -eu
cd "$(dirname "$0")/../.."
npm run build
node bench/run.mjs compare --size "${1:-64}" --runs "${2:-5}"
