import type { ErrorFacts } from '../error-facts.ts'
import { errorRule, type Family, messageOf, stageByContent, typeOf } from './family.ts'

/** Azure has the word as its code. */
function isAzure({ code, fields }: ErrorFacts): boolean {
  return code === 'content_filter' || 'innererror' in fields
}

export const aisix: Family = {
  name: 'aisix',
  title: 'AISIX',
  kind: 'gateway',
  rules: [
    errorRule(
      'aisix/content-filter',
      ({ message }, view) => (message.startsWith('response ') ? 'response' : stageByContent(view)),
      (error) =>
        isAzure(error)
          ? undefined
          : (typeOf(error, 'content_filter') ??
            // To clients of Anthropic's API the type is that of any bad request.
            messageOf(error, /^(?:request|response) blocked by content policy\b/i)),
    ),
  ],
}
