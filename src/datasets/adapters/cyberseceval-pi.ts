import type { Adapter } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

export const cybersecevalPi: Adapter = {
  name: 'cyberseceval-pi',
  reads: 'prompt_injection.json and its multilingual sisters',
  home: 'github.com/meta-llama/PurpleLlama, CybersecurityBenchmarks/datasets/prompt_injection',
  licence: 'MIT',
  threat: 'injection',
  convert: (files) =>
    eachRecord(files, (record) => {
      const text = textOf(record, 'user_input')
      if (text === '') return missing('user_input')
      const system = textOf(record, 'test_case_prompt')
      return {
        text,
        label: 'malicious',
        nativeId: optionalText(record, 'prompt_id'),
        category: optionalText(record, 'injection_variant'),
        subcategory: optionalText(record, 'injection_type'),
        ...(system === ''
          ? {}
          : {
              messages: [
                { role: 'system', content: system },
                { role: 'user', content: text },
              ],
            }),
        metadata: {
          riskCategory: field(record, 'risk_category'),
          speakingLanguage: field(record, 'speaking_language'),
          judgeQuestion: field(record, 'judge_question'),
        },
      }
    }),
}
