import { countedNothing } from '../answer.ts'
import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import { textAt } from '../../wire/json.ts'
import { blocked, errorRule, type Family, flagged, messageOf, rule } from './family.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The plugins make up a completion: its id is a bare UUID, and it counts no tokens. */
function madeUpId({ objects, answer }: ReplyView): string | undefined {
  if (!countedNothing(answer) || answer.content === '') return undefined
  // Higress has a signature of its own.
  if (objects.some((object) => textAt(object, 'model').startsWith('from-'))) return undefined
  return objects.map((object) => textAt(object, 'id')).find((id) => UUID.test(id))
}

export const apisix: Family = {
  name: 'apisix',
  title: 'Apache APISIX',
  kind: 'gateway',
  rules: [
    errorRule('apisix/prompt-guard', 'request', (error, { status }) =>
      status === 400 && error.at === 'body'
        ? messageOf(
            error,
            /^Request contains prohibited content$|^Request doesn't match allow patterns$/,
          )
        : undefined,
    ),
    rule('apisix/deny-message', 'canned', (view) => {
      const id = madeUpId(view)
      if (id === undefined) return undefined
      const { content } = view.answer
      const stage = content.startsWith('Response blocked') ? 'response' : 'request'
      return blocked(
        stage,
        evidence('answer', 'usage.total_tokens', 0),
        evidence('answer', 'id', id),
        evidence('answer', 'content', content),
      )
    }),
    // Where the moderation comes too late in a stream it only tags.
    rule('apisix/risk-level', 'explicit', ({ objects }) =>
      flagged(
        ...objects.map((object) => {
          const level = textAt(object, 'risk_level')
          return level === 'high' || level === 'medium'
            ? evidence('field', 'risk_level', level)
            : undefined
        }),
      ),
    ),
  ],
}
