import { decimal, httpUrl, integer, path } from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'
import { FORWARD, host, LISTEN, stopWithParent } from './server-options.ts'

const RECORD = 'Recording'

export const TAP_OPTIONS = {
  host,
  port: option('port', integer(0, 65_535), 8083, {
    group: LISTEN,
    help: 'Port to listen on; 0 for a free one.',
  }),
  stopWithParent,
  upstream: optional('upstream', httpUrl, {
    group: FORWARD,
    help: 'The model to stand before (required), such as http://127.0.0.1:8082.',
  }),
  upstreamTimeoutSeconds: option('upstream-timeout-seconds', decimal(0, true), 300, {
    group: FORWARD,
    help: 'Longest silence of the model before 504.',
  }),
  log: optional('log', path, {
    group: RECORD,
    help: 'File that each request is appended to when it has ended, as JSONL.',
  }),
  logLimit: option('log-limit', integer(1), 100_000, {
    group: RECORD,
    help: 'Requests kept for /tap/log.',
  }),
}

export type TapOptions = OptionsOf<typeof TAP_OPTIONS>
