import type { Adapter, SourceFile } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

const SLOT = '<Attacker Instruction>'

/** The user's request, the call of a tool, and the tool's answer with the attack in it. */
export const injecagent: Adapter = {
  name: 'injecagent',
  reads: 'test_cases_dh_base.json, _dh_enhanced, _ds_base, _ds_enhanced',
  home: 'github.com/uiuc-kang-lab/InjecAgent, data/',
  licence: 'MIT, not verified',
  threat: 'injection',
  convert: (files) =>
    eachRecord(files, (record, file) => {
      const text = textOf(record, 'User Instruction')
      if (text === '') return missing('User Instruction')
      const attack = textOf(record, 'Attacker Instruction')
      const template = textOf(record, 'Tool Response Template')
      const answer = textOf(record, 'Tool Response') || template.replaceAll(SLOT, () => attack)
      if (answer === '') return missing('Tool Response')
      const name = optionalText(record, 'User Tool') ?? 'tool'
      const call = { name, arguments: textOf(record, 'Tool Parameters') }
      return {
        text,
        label: 'malicious',
        category: 'indirect_injection',
        subcategory: optionalText(record, 'Attack Type'),
        messages: [
          { role: 'user', content: text },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'call_1', type: 'function', function: call }],
          },
          { role: 'tool', tool_call_id: 'call_1', content: answer },
        ],
        metadata: {
          setting: settingOf(file),
          attack: attack || undefined,
          userTool: name,
          attackerTools: field(record, 'Attacker Tools'),
          expectedAchievements: field(record, 'Expected Achievements'),
        },
      }
    }),
}

function settingOf({ name }: SourceFile): string | undefined {
  return /(base|enhanced)/i.exec(name)?.[1]?.toLowerCase()
}
