import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import { listAt, recordAt } from '../../wire/json.ts'
import {
  blocked,
  claimOf,
  type Family,
  flagged,
  headerOf,
  headerPresent,
  rule,
  typeOf,
} from './family.ts'

const STOPPED = '[LLMTrace: Response terminated'

/** What newer versions add to answers that are no streams. */
function envelopes({ objects }: ReplyView) {
  return objects.map((object) => recordAt(object, 'llmtrace')).filter((one) => one !== undefined)
}

function findings(view: ReplyView) {
  const score = headerPresent(view, 'x-llmtrace-score')
  const listed = envelopes(view).flatMap((envelope) => listAt(envelope, 'findings'))
  return [
    headerOf(view, 'x-llmtrace-flagged', 'true'),
    headerPresent(view, 'x-llmtrace-findings'),
    // Absent where nothing was found.
    score?.quote === '0' ? undefined : score,
    // As the documentation has it; the code does not send it.
    headerPresent(view, 'x-llmtrace-finding-type'),
    listed.length === 0 ? undefined : evidence('field', 'llmtrace.findings', listed),
  ]
}

export const llmtrace: Family = {
  name: 'llmtrace',
  title: 'LLMTrace',
  kind: 'gateway',
  rules: [
    rule('llmtrace/enforcement', 'explicit', (view) =>
      blocked(
        'request',
        // What the code sends, and what its documentation says.
        ...view.errors.map((error) =>
          typeOf(error, 'security_enforcement_blocked', 'security_violation'),
        ),
        headerOf(view, 'x-llmtrace-action', 'block'),
      ),
    ),
    rule('llmtrace/early-stop', 'explicit', ({ answer }) =>
      answer.finishReasons.includes('content_filter') && answer.content.includes(STOPPED)
        ? blocked('response', evidence('text', 'choices[].delta.content', STOPPED))
        : undefined,
    ),
    rule('llmtrace/advisory', 'explicit', (view) =>
      claimOf(
        { kind: 'modified' },
        envelopes(view).map((envelope) =>
          envelope['advisory_injected'] === true
            ? evidence('field', 'llmtrace.advisory_injected', true)
            : undefined,
        ),
      ),
    ),
    rule('llmtrace/flagged', 'explicit', (view) =>
      headerOf(view, 'x-llmtrace-action', 'block') ? undefined : flagged(...findings(view)),
    ),
  ],
  detects: (view) => {
    if (findings(view).some((found) => found !== undefined)) return true
    // Only the newer contract says something when it found nothing.
    const tells = view.headers.has('x-llmtrace-action') || envelopes(view).length > 0
    return tells ? false : undefined
  },
}
