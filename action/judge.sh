#!/usr/bin/env bash
# Turns the run's exit code into the job's, and says why.
set -euo pipefail
case "$BENCH_EXIT_CODE" in
  0) exit 0 ;;
  1) echo "::error::A budget or gate was not kept; the job summary has the table." ;;
  2) echo "::error::Wrong usage; the step Measure says which flag." ;;
  3) echo "::error::The run is invalid: no request succeeded, or its result could not be kept." ;;
  4)
    if [ "$BENCH_INCONCLUSIVE" = pass ]; then
      echo "::warning::The samples do not decide every budget; the table says how many requests would."
      exit 0
    fi
    echo "::error::The samples do not decide every budget; the table says how many requests would."
    ;;
  *) echo "::error::llmtrace-bench ended with exit code $BENCH_EXIT_CODE." ;;
esac
exit 1
