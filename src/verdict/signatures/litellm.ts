import type { Stage } from '../../model/verdict.ts'
import type { ErrorFacts } from '../error-facts.ts'
import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import {
  claimOf,
  codeOf,
  errorRule,
  type Family,
  messageOf,
  type Rule,
  rule,
  stageByContent,
} from './family.ts'

/** A guardrail after the call has seen the answer. */
function stageOf({ fields }: ErrorFacts, view: ReplyView): Stage {
  return fields['guardrail_mode'] === 'post_call' ? 'response' : stageByContent(view)
}

/**
 * LiteLLM has no type or code for a block: guardrails raise errors, and only their texts tell them from faults. The
 * type is `None`, in quotes; with another one the error is someone else's.
 */
function phrase(id: string, pattern: RegExp): Rule {
  return errorRule(id, stageOf, (error) =>
    error.type === '' || error.type === 'None' ? messageOf(error, pattern) : undefined,
  )
}

export const litellm: Family = {
  name: 'litellm',
  title: 'LiteLLM',
  kind: 'gateway',
  rules: [
    // Aporia, Bedrock, Lakera, OpenAI's moderation, Qualifire and others.
    phrase('litellm/policy', /^Violated [\w ]{3,60} policy\b/i),
    // Its own content filter, Akto, Zscaler.
    phrase('litellm/content-blocked', /^Content blocked\b/i),
    phrase('litellm/prompt-injection', /^Rejected message\. This is a prompt injection attack/i),
    phrase('litellm/pii', /\bBlocked (?:PII )?entity detected: \w+ by Guardrail\b/i),
    phrase('litellm/custom', /^Guardrail failed words\b/i),
    errorRule(
      'litellm/panw',
      ({ code }) => (code.includes('response') ? 'response' : 'request'),
      (error) => codeOf(error, 'panw_prisma_airs_blocked', 'panw_prisma_airs_response_blocked'),
    ),
    rule('litellm/bedrock', 'explicit', (view) => {
      const intervened = view.errors.find(
        ({ fields }) => actionOf(fields['bedrock_guardrail_response']) === 'GUARDRAIL_INTERVENED',
      )
      // Where the text tells it already, that rule has it.
      if (intervened === undefined || messageOf(intervened, /^Violated\b/i)) return undefined
      return claimOf({ kind: 'blocked', stage: stageOf(intervened, view) }, [
        evidence('field', 'bedrock_guardrail_response.action', 'GUARDRAIL_INTERVENED'),
      ])
    }),
    // A guardrail that could not be asked refuses as well; that is an outage.
    rule('litellm/outage', 'explicit', ({ errors }) =>
      claimOf(
        { kind: 'undecided', reason: 'server-error' },
        errors.map((error) =>
          messageOf(error, /\bGuardrail request failed\b|\bSecurity scan failed\b/i),
        ),
      ),
    ),
  ],
}

function actionOf(response: unknown): unknown {
  return typeof response === 'object' && response !== null && 'action' in response
    ? response.action
    : undefined
}
