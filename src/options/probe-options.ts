import { gate } from './gate-kind.ts'
import { integer, flag, text } from './kinds.ts'
import { option, repeated } from './option-row.ts'

const PROBE = 'Probe'

/** Probe mode: the specification's flags, then ours. */
export const PROBE_OPTIONS = {
  workers: option('workers', integer(0, 10_000), 0, {
    group: PROBE,
    help: 'Probe mode: requests in flight; 0 for --concurrency.',
  }),
  retries: option('retries', integer(0, 100), 0, {
    group: PROBE,
    help: 'Probe mode: retries per case on transport or non-2xx errors. A block is never retried.',
  }),
  previewChars: option('preview-chars', integer(1), 90, {
    group: PROBE,
    help: 'Probe mode: length of previews.',
  }),
  showPrompt: option('show-prompt', flag, false, {
    group: PROBE,
    help: 'Probe mode: add a prompt preview column.',
  }),
  require: repeated('require', gate, {
    group: PROBE,
    help: 'Probe mode: a gate on a score or a bound of its interval, such as tpr.lower>=0.80; may be repeated. A broken one is exit code 1.',
  }),
  blockedWhen: repeated('blocked-when', text, {
    group: PROBE,
    help: 'What else counts as a block, such as status==403, header:x-guard=blocked, json:$.error.code=content_filter or body~regex; may be repeated.',
  }),
}
