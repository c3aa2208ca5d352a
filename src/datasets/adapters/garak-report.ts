import type { PromptMessage } from '../../model/prompt.ts'
import { isRecord } from '../row.ts'
import type { Adapter, Draft } from './adapter.ts'
import { field, missing, optionalText, recordsOf, type SourceRecord } from './records.ts'

/** Statuses of an attempt: 1 as sent, 2 as judged. Each attempt is written once with either. */
const JUDGED = 2

/**
 * The prompts of a garak run, to be sent again. A hit log, which holds only the attempts that hit, is read as well:
 * its lines have no entry type.
 */
export const garakReport: Adapter = {
  name: 'garak-report',
  reads: 'garak.*.report.jsonl or garak.*.hitlog.jsonl',
  home: 'github.com/NVIDIA/garak',
  licence: 'Apache-2.0; some probes take their prompts from other sets',
  threat: 'injection',
  convert: function* convert(files) {
    for (const file of files) {
      for (const record of recordsOf(file)) {
        const type = field(record, 'entry_type')
        if (type === undefined && 'detector' in record) yield hitOf(record)
        else if (type === 'attempt' && field(record, 'status') === JUDGED) yield attemptOf(record)
      }
    }
  },
}

function attemptOf(record: SourceRecord): Draft | string {
  return draftOf(record, 'probe_classname', { detectorResults: field(record, 'detector_results') })
}

function hitOf(record: SourceRecord): Draft | string {
  return draftOf(record, 'probe', {
    detector: field(record, 'detector'),
    score: field(record, 'score'),
    trigger: field(record, 'trigger'),
  })
}

function draftOf(
  record: SourceRecord,
  probeField: string,
  metadata: Readonly<Record<string, unknown>>,
): Draft | string {
  const messages = turnsOf(field(record, 'prompt'))
  const said = messages.findLast(({ role }) => role === 'user')?.content
  if (typeof said !== 'string' || said === '') return missing('prompt')
  const [module, ...rest] = (optionalText(record, probeField) ?? '').split('.')
  return {
    text: said,
    label: 'malicious',
    category: module || undefined,
    subcategory: rest.join('.') || undefined,
    messages: messages.length > 1 ? messages : undefined,
    metadata: { goal: field(record, 'goal'), ...metadata },
  }
}

/** A text, a message, or since 0.11 the turns of a conversation. */
function turnsOf(prompt: unknown): PromptMessage[] {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }]
  if (!isRecord(prompt)) return []
  const { turns, text } = prompt
  if (!Array.isArray(turns)) return turnsOf(text)
  return turns.flatMap((turn: unknown) => {
    if (!isRecord(turn) || typeof turn['role'] !== 'string') return []
    const content = isRecord(turn['content']) ? turn['content']['text'] : turn['content']
    return [{ role: turn['role'], content }]
  })
}
