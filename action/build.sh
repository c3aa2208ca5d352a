#!/usr/bin/env bash
# Builds the command from the action's own checkout, once a runner: the version of the action is that of the tool.
set -euo pipefail
cd "$GITHUB_ACTION_PATH"
if [ ! -f dist/cli/main.js ]; then
  npm ci --no-audit --no-fund
  npm run build
fi
