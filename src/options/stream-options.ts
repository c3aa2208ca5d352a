import { flag } from './kinds.ts'
import { option, optional } from './option-row.ts'
import { cancelAfter, countSpec } from './stream-kinds.ts'

const STREAM = 'Streaming'
const REQUEST = 'Request shaping'

/** Streamed answers, and the shapes of requests that matter to them. */
export const STREAM_OPTIONS = {
  outputTokens: optional('output-tokens', countSpec, {
    group: REQUEST,
    help: 'Draws the completion token cap of each request by --seed, instead of --max-tokens: fixed:N, uniform:LOW,HIGH, normal:MEAN,DEVIATION or lognormal:MEDIAN,SIGMA.',
  }),
  inputTokens: optional('input-tokens', countSpec, {
    group: REQUEST,
    help: 'Prompts of random words, about as many tokens as drawn by --seed in the same forms; a token is taken as 4 characters.',
  }),
  ignoreEos: option('ignore-eos', flag, false, {
    group: REQUEST,
    help: 'Adds "ignore_eos": true to every request body: vLLM and its kin then answer with all tokens of the cap.',
  }),
  stream: option('stream', flag, false, {
    group: STREAM,
    help: 'Ask for streamed answers, and measure TTFT, ICL, TPOT and what the proxy does to the stream.',
  }),
  cancelAfter: optional('cancel-after', cancelAfter, {
    group: STREAM,
    help: 'End each stream from our side so long after sending, or after so many content chunks, such as 500ms or 3chunks.',
  }),
}
