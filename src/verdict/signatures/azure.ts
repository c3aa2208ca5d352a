import { evidence } from '../evidence.ts'
import { isRecord, type JsonRecord, listAt, recordAt, textAt } from '../../wire/json.ts'
import { blocked, codeOf, errorRule, type Family, rule } from './family.ts'

/** The categories that a choice was filtered for. */
function filtered(object: JsonRecord): string[] {
  return listAt(object, 'choices').flatMap((choice) =>
    Object.entries(recordAt(choice, 'content_filter_results') ?? {})
      .filter(([, result]) => isRecord(result) && result['filtered'] === true)
      .map(([category]) => category),
  )
}

export const azure: Family = {
  name: 'azure',
  title: 'Azure OpenAI',
  kind: 'provider',
  rules: [
    errorRule(
      'azure/prompt-filter',
      'request',
      (error) =>
        codeOf(error, 'content_filter') ??
        (textAt(error.fields, 'innererror', 'code') === 'ResponsibleAIPolicyViolation'
          ? evidence('field', 'error.innererror.code', 'ResponsibleAIPolicyViolation')
          : undefined),
    ),
    rule('azure/response-filter', 'explicit', ({ objects, answer }) => {
      if (!answer.finishReasons.includes('content_filter')) return undefined
      const [category] = objects.flatMap((object) => filtered(object))
      const field = `choices[].content_filter_results.${category}.filtered`
      return category === undefined
        ? undefined
        : blocked('response', evidence('field', field, true))
    }),
  ],
}
