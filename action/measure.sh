#!/usr/bin/env bash
# Runs the command and keeps its exit code for later: what was measured is uploaded also when a gate failed.
set -euo pipefail
folder="$PWD/llmtrace-bench"
mkdir -p "$folder"

# xargs takes quotes apart and expands nothing, so that no input becomes a command.
mapfile -d '' words < <(printf '%s' "$BENCH_ARGS" | xargs -r printf '%s\0')

code=0
node "$GITHUB_ACTION_PATH/dist/cli/main.js" "${words[@]}" \
  --output-json "$folder/result.json" --report "$folder/report.html" || code=$?

{
  echo "exit-code=$code"
  echo "folder=$folder"
  echo "result=$folder/result.json"
  echo "report=$folder/report.html"
} >> "$GITHUB_OUTPUT"
