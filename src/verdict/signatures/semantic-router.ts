import { blocked, type Family, flagged, headerOf, headerPresent, rule } from './family.ts'
import type { ReplyView } from '../read-reply.ts'

const MATCHES = ['x-vsr-response-warnings', 'x-vsr-matched-jailbreak', 'x-vsr-matched-pii'] as const

/** `fast_response`: the router answered by itself, without any model. */
function refusals(view: ReplyView) {
  return [
    headerOf(view, 'x-vsr-response-path', 'blocked', 'fast_response'),
    headerOf(view, 'x-vsr-fast-response', 'true'),
    headerOf(view, 'x-vsr-jailbreak-blocked', 'true'),
    headerOf(view, 'x-vsr-pii-violation', 'true'),
  ].filter((one) => one !== undefined)
}

export const semanticRouter: Family = {
  name: 'semantic-router',
  title: 'vLLM Semantic Router',
  kind: 'gateway',
  rules: [
    rule('semantic-router/refused', 'explicit', (view) =>
      // Only what it finds in an answer does it refuse by an error.
      blocked(view.status >= 400 ? 'response' : 'request', ...refusals(view)),
    ),
    rule('semantic-router/warned', 'explicit', (view) =>
      refusals(view).length > 0
        ? undefined
        : flagged(...MATCHES.map((name) => headerPresent(view, name))),
    ),
  ],
}
