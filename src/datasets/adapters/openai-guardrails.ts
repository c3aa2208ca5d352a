import type { PromptMessage } from '../../model/prompt.ts'
import { isRecord } from '../row.ts'
import type { Adapter, Draft, Threat } from './adapter.ts'
import { eachRecord, field, missing, optionalText, type SourceRecord, textOf } from './records.ts'

/** `data` is a text, or the turns of a conversation as JSON. */
export const openaiGuardrails: Adapter = {
  name: 'openai-guardrails',
  reads: 'eval datasets, JSONL: id, data, expected_triggers',
  home: 'github.com/openai/openai-guardrails-python',
  licence: 'MIT',
  threat: 'injection',
  convert: (files) => eachRecord(files, (record) => draftOf(record)),
}

function draftOf(record: SourceRecord): Draft | string {
  const messages = turnsOf(field(record, 'data'))
  const said = messages?.findLast(({ role }) => role === 'user')?.content
  const text = messages === undefined ? textOf(record, 'data') : said
  if (typeof text !== 'string' || text === '') return missing('data')
  const triggers = field(record, 'expected_triggers')
  if (!isRecord(triggers)) return missing('expected_triggers')
  const expected = Object.keys(triggers).filter((name) => triggers[name] === true)
  return {
    text,
    label: expected.length > 0 ? 'malicious' : 'benign',
    nativeId: optionalText(record, 'id'),
    threat: threatOf(expected[0]),
    category: expected[0] ?? Object.keys(triggers)[0],
    subcategory: expected[1],
    messages,
    expect: triggers,
  }
}

/** The guardrails are named freely; these words are in the names of the common ones. */
function threatOf(guardrail = ''): Threat | undefined {
  if (/pii|secret/i.test(guardrail)) return 'dlp'
  if (/moderation|nsfw/i.test(guardrail)) return 'harm'
  return /jailbreak/i.test(guardrail) ? 'jailbreak' : undefined
}

/** The turns, where there are any, as chat completions have them. */
function turnsOf(data: unknown): readonly PromptMessage[] | undefined {
  const turns = typeof data === 'string' && data.trimStart().startsWith('[') ? parse(data) : data
  if (!Array.isArray(turns)) return undefined
  const messages = turns.flatMap((turn: unknown) => messageOf(turn))
  return messages.length === 0 ? undefined : messages
}

/** Calls of tools and their answers are items of their own in the responses API. */
function messageOf(turn: unknown): PromptMessage[] {
  if (!isRecord(turn)) return []
  const { type, role } = turn
  if (typeof role === 'string') return [{ ...turn, role }]
  if (type === 'function_call') {
    const call = { name: turn['tool_name'] ?? turn['name'], arguments: turn['arguments'] }
    const calls = [{ id: turn['call_id'], type: 'function', function: call }]
    return [{ role: 'assistant', content: null, tool_calls: calls }]
  }
  if (type === 'function_call_output') {
    return [{ role: 'tool', tool_call_id: turn['call_id'], content: turn['output'] }]
  }
  return []
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A text that begins with a bracket.
    return undefined
  }
}
