import type { Adapter } from './adapter.ts'
import { ONE_IS_MALICIOUS, readLabel, unknownLabel } from './labelled-text.ts'
import { eachRecord, field, missing, textOf } from './records.ts'

/** A chatbot's system prompt with what a user says to it. */
export const spml: Adapter = {
  name: 'spml',
  reads: 'CSV: System Prompt, User Prompt, Prompt injection, Degree, Source',
  home: 'huggingface.co/datasets/reshabhs/SPML_Chatbot_Prompt_Injection',
  licence: 'not verified: see the card of the set',
  threat: 'injection',
  convert: (files) =>
    eachRecord(files, (record) => {
      const text = textOf(record, 'User Prompt')
      if (text === '') return missing('User Prompt')
      const given = field(record, 'Prompt injection')
      const label = readLabel(given, ONE_IS_MALICIOUS)
      if (label === undefined) return unknownLabel('Prompt injection', given)
      const system = textOf(record, 'System Prompt')
      const user = { role: 'user', content: text }
      return {
        text,
        label,
        category: 'prompt_injection',
        ...(system === '' ? {} : { messages: [{ role: 'system', content: system }, user] }),
        metadata: { degree: field(record, 'Degree'), originalSource: field(record, 'Source') },
      }
    }),
}
