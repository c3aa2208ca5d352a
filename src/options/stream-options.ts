import { flag } from './kinds.ts'
import { option, optional } from './option-row.ts'
import { cancelAfter } from './stream-kinds.ts'

const STREAM = 'Streaming'

/** Streamed answers, and the shapes of requests that matter to them. */
export const STREAM_OPTIONS = {
  stream: option('stream', flag, false, {
    group: STREAM,
    help: 'Ask for streamed answers, and measure TTFT, ICL, TPOT and what the proxy does to the stream.',
  }),
  cancelAfter: optional('cancel-after', cancelAfter, {
    group: STREAM,
    help: 'End each stream from our side so long after sending, or after so many content chunks, such as 500ms or 3chunks.',
  }),
}
