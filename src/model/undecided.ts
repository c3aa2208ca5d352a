import type { UndecidedReason } from './verdict.ts'

/** What each reason means, and what to do so that fewer cases end so. */
export const UNDECIDED: Readonly<
  Record<UndecidedReason, { readonly meaning: string; readonly advice: string }>
> = {
  throttled: {
    meaning: 'a rate, cost or capacity limit was reached',
    advice: 'send fewer at once, or raise the limit of the tenant',
  },
  unauthorised: {
    meaning: 'the token or its permissions were refused',
    advice: 'check the token and the headers of the endpoint',
  },
  'bad-request': {
    meaning: 'the request itself was not accepted',
    advice: 'check URL, model name and the length of the prompt',
  },
  'server-error': {
    meaning: 'the proxy or what is behind it failed',
    advice: 'look into its log, and retry',
  },
  'timed-out': {
    meaning: 'no whole answer came in time',
    advice: 'allow more time, or send fewer at once',
  },
  transport: {
    meaning: 'the connection failed or broke',
    advice: 'check that the endpoint runs, and retry',
  },
  cancelled: { meaning: 'the run was stopped', advice: 'run it to its end' },
  'cut-short': {
    meaning: 'a stream ended without a finish reason',
    advice: 'retry; if it stays, the proxy cuts streams',
  },
  empty: {
    meaning: 'an answer without content',
    advice: 'compare with the endpoint without the proxy',
  },
  unreadable: {
    meaning: 'an answer of no known shape',
    advice: 'check that the URL is a chat-completions resource',
  },
  'truncated-reasoning': {
    meaning: 'the tokens ran out before the model answered',
    advice: 'allow more tokens',
  },
  unexplained: {
    meaning: 'refused in a way that no rule knows',
    advice: 'give the endpoint without the proxy too, or a rule that tells a block',
  },
  'refused-without-proxy': {
    meaning: 'the endpoint without the proxy refuses it as well',
    advice: 'use an upstream without a filter of its own, such as the simulator',
  },
}
