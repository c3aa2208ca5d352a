import { evidence } from '../evidence.ts'
import { claimOf, type Family, rule } from './family.ts'

export const vllmReasoning: Family = {
  name: 'vllm-reasoning',
  title: 'Reasoning models, on vLLM, SGLang and elsewhere',
  kind: 'provider',
  rules: [
    // The tokens ran out before the answer: nothing is known of what would have come.
    rule('vllm-reasoning/truncated', 'shape', ({ answer }) => {
      const { content, callsTools, finishReasons, reasoning, usage } = answer
      const thought = reasoning !== '' || (usage?.reasoning ?? 0) > 0
      const ended = finishReasons.find((reason) =>
        ['length', 'max_tokens', 'MAX_TOKENS', 'max_output_tokens'].includes(reason),
      )
      if (ended === undefined || !thought || callsTools || content.trim() !== '') return undefined
      return claimOf({ kind: 'undecided', reason: 'truncated-reasoning' }, [
        evidence('finish-reason', 'finish_reason', ended),
      ])
    }),
  ],
}
