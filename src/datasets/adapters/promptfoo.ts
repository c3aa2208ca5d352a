import { UsageError } from '../../model/usage-error.ts'
import { isRecord } from '../row.ts'
import type { Adapter, Draft, SourceFile } from './adapter.ts'
import { field, missing, optionalText, recordsOf, type SourceRecord, textOf } from './records.ts'

/** Plugins that generate requests which ought to be answered. */
const BENIGN = /^over-?refusal/

export const promptfoo: Adapter = {
  name: 'promptfoo',
  reads: 'redteam.yaml as `promptfoo redteam generate` writes it',
  home: 'github.com/promptfoo/promptfoo',
  licence: 'MIT; the generated prompts are yours',
  threat: 'injection',
  convert: function* convert(files) {
    for (const file of files) {
      const { tests, variable } = suiteOf(file)
      for (const test of tests) yield draftOf(test, variable)
    }
  },
}

function suiteOf(file: SourceFile): { tests: readonly SourceRecord[]; variable: string } {
  const { name, value } = file
  if (!isRecord(value)) throw new UsageError(`${name} is no promptfoo configuration`)
  const redteam = isRecord(value['redteam']) ? value['redteam'] : {}
  const variable = typeof redteam['injectVar'] === 'string' ? redteam['injectVar'] : 'prompt'
  return { tests: recordsOf({ ...file, value: value['tests'] }), variable }
}

function draftOf(test: SourceRecord, variable: string): Draft | string {
  const variables = field(test, 'vars')
  const text = isRecord(variables) ? textOf(variables, variable) : ''
  if (text === '') return missing(`vars.${variable}`)
  const given = field(test, 'metadata')
  const metadata = isRecord(given) ? given : {}
  const plugin = optionalText(metadata, 'pluginId') ?? metricOf(test)
  return {
    text,
    label: BENIGN.test(plugin ?? '') ? 'benign' : 'malicious',
    threat: plugin?.startsWith('harmful') === true ? 'harm' : undefined,
    category: plugin,
    subcategory: optionalText(metadata, 'strategyId'),
    metadata: { severity: field(metadata, 'severity'), goal: field(metadata, 'goal') },
  }
}

/** Older files tell the plugin only in what they assert. */
function metricOf(test: SourceRecord): string | undefined {
  const asserts = field(test, 'assert')
  const first: unknown = Array.isArray(asserts) ? asserts[0] : undefined
  return isRecord(first)
    ? optionalText(first, 'type')?.replace(/^promptfoo:redteam:/, '')
    : undefined
}
