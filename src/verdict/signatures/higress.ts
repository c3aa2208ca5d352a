import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import { listAt, recordAt, textAt } from '../../wire/json.ts'
import { blocked, errorRule, type Family, rule, typeOf } from './family.ts'

const GUARD = 'from-security-guard'

function signs({ objects }: ReplyView) {
  return objects.flatMap((object) => [
    textAt(object, 'model') === GUARD ? evidence('field', 'model', GUARD) : undefined,
    ...listAt(object, 'choices').map((choice) => {
      const block = recordAt(choice, 'x_higress_guardrail')
      return block && evidence('field', 'choices[].x_higress_guardrail', block)
    }),
  ])
}

/** Events of the model before those of the guard: it is the answer that was stopped. */
function stageOf({ objects }: ReplyView) {
  const models = new Set(objects.map((object) => textAt(object, 'model')).filter(Boolean))
  models.delete(GUARD)
  return models.size > 0 ? 'response' : 'request'
}

export const higress: Family = {
  name: 'higress',
  title: 'Higress',
  kind: 'gateway',
  rules: [
    rule('higress/security-guard', 'explicit', (view) => blocked(stageOf(view), ...signs(view))),
    errorRule('higress/prompt-guard', 'request', (error) => typeOf(error, 'prompt_guard_error')),
  ],
}
