#!/usr/bin/env bash
# A step of a CI pipeline: fails the job where a restored tree doesn't pass the gate, and says why.
#   examples/ci-gate.sh RESTORED [POLICY]
set -euo pipefail
restored=$1
policy=${2:+--policy=$2}
code=0
${UNSCATHED:-npx unscathed} gate "$restored" ${policy:+"$policy"} --json --output report.ndjson > decision.json || code=$?
[ "$code" -eq 2 ] && exit 2
jq -r '.decision + ": " + ([.reasons[] | "\(.files) × \(.text)"] | join("; "))' decision.json
exit "$code"
