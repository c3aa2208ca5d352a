import type { Stage } from '../../model/verdict.ts'
import type { ErrorFacts } from '../error-facts.ts'
import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import { recordAt, textAt } from '../../wire/json.ts'
import { errorRule, type Family, flagged, rule, typeOf } from './family.ts'

function stageOf({ fields }: ErrorFacts): Stage {
  return textAt(fields, 'details', 'validation_stage') === 'output' ? 'response' : 'request'
}

/** LiteLLM's Prisma AIRS shares the type, with a code of its own. */
function isBifrost({ code, fields }: ErrorFacts, status: number): boolean {
  return status === 446 || code === '446' || textAt(fields, 'details', 'validation_stage') !== ''
}

function warnings({ objects }: ReplyView) {
  return objects.flatMap((object) => {
    const guardrails = recordAt(object, 'bifrost_metadata', 'guardrails') ?? {}
    return Object.entries(guardrails).filter(([, one]) => textAt(one, 'status') === 'warning')
  })
}

export const bifrost: Family = {
  name: 'bifrost',
  title: 'Bifrost Enterprise',
  kind: 'gateway',
  rules: [
    errorRule('bifrost/guardrail-violation', stageOf, (error, { status }) =>
      isBifrost(error, status) ? typeOf(error, 'guardrail_violation') : undefined,
    ),
    rule('bifrost/warning', 'explicit', (view) =>
      flagged(
        ...warnings(view).map(([name]) =>
          evidence('field', `bifrost_metadata.guardrails.${name}.status`, 'warning'),
        ),
      ),
    ),
  ],
}
