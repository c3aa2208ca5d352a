import { duration, flag, path } from './kinds.ts'
import { option, optional } from './option-row.ts'

const CONFIG = 'Configuration'

/** Where the options come from besides the command line, and what they come to. */
export const CONFIG_OPTIONS = {
  config: optional('config', path, {
    group: CONFIG,
    inFile: 'never',
    help: 'Take options from this YAML file instead of llmtrace-bench.yaml, flags winning; none for no file.',
  }),
  dryRun: option('dry-run', flag, false, {
    group: CONFIG,
    inFile: 'never',
    help: 'Print the plan with its number of requests, tokens and time, and send nothing.',
  }),
  assumeLatency: optional('assume-latency', duration, {
    group: CONFIG,
    help: 'With --dry-run: how long an answer takes, which gives the time of a closed loop.',
  }),
}
