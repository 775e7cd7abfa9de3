#!/usr/bin/env bash
# What action.yml runs: judges, writes annotations, the job summary and the outputs. Reads PATHS, FAIL_ON, FORMATS and SINCE.
set -euo pipefail

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
options=(--fail-on "$FAIL_ON" --format github --format "json=$work/report.json" --format "github-summary=$work/summary.md")
while IFS= read -r format; do
  [[ -z $format ]] || options+=(--format "$format")
done <<<"${FORMATS:-}"
[[ -z ${SINCE:-} ]] || options+=(--since "$SINCE")
paths=()
while IFS= read -r path; do
  [[ -z $path ]] || paths+=("$path")
done <<<"${PATHS:-.}"

code=0
notegate check "${options[@]}" -- "${paths[@]}" || code=$?
if [[ ! -s $work/report.json ]]; then
  printf 'verdict=error\n' >>"$GITHUB_OUTPUT"
  exit "$code"
fi
cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
python3 - "$work/report.json" >>"$GITHUB_OUTPUT" <<'PYTHON'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
counts = report["summary"]
whole = next((name for name in ("fail", "limited") if counts[name]), "pass")
print("verdict=" + report.get("comparison", {}).get("verdict", whole))
for name in ("articles", "pass", "limited", "fail"):
    print(f"{name}={counts[name]}")
PYTHON
exit "$code"
