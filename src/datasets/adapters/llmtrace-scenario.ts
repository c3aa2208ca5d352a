import { isRecord } from '../row.ts'
import type { Adapter, Draft } from './adapter.ts'
import { field, missing, optionalText, type SourceRecord, textOf } from './records.ts'

/** One YAML file a scenario, as benchmarks/attacks/SCHEMA.md of LLMTrace describes it. */
export const llmtraceScenario: Adapter = {
  name: 'llmtrace-scenario',
  reads: 'YAML files of benchmarks/attacks/ in an LLMTrace checkout',
  home: 'github.com/epappas/llmtrace',
  licence: 'MIT; the scenarios name the sets that they are taken from',
  threat: 'injection',
  convert: function* convert(files) {
    for (const { name, value } of files) {
      const scenarios: readonly unknown[] = Array.isArray(value) ? value : [value]
      for (const scenario of scenarios) {
        yield isRecord(scenario) ? draftOf(scenario) : `${name} is no scenario`
      }
    }
  },
}

function draftOf(scenario: SourceRecord): Draft | string {
  const text = textOf(scenario, 'prompt')
  if (text === '') return missing('prompt')
  const family = optionalText(scenario, 'family')
  const tags = field(scenario, 'tags')
  const [first]: readonly unknown[] = Array.isArray(tags) ? tags : []
  return {
    text,
    label: family === 'over_defense' ? 'benign' : 'malicious',
    nativeId: optionalText(scenario, 'id'),
    category: family,
    subcategory: typeof first === 'string' ? first : undefined,
    threat: family === 'policy_violation' ? 'harm' : undefined,
    expect: field(scenario, 'expected'),
    metadata: {
      originalSource: field(scenario, 'source'),
      tags,
      canary: field(scenario, 'system_prompt_canary'),
      upstreamFellForIt: field(scenario, 'upstream_fell_for_it'),
      skip: field(scenario, 'skip'),
    },
  }
}
