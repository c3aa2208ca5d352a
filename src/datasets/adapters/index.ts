import { UsageError } from '../../model/usage-error.ts'
import type { Adapter } from './adapter.ts'
import { advbench } from './advbench.ts'
import { ailuminate } from './ailuminate.ts'
import { bipia } from './bipia.ts'
import { cybersecevalFrr } from './cyberseceval-frr.ts'
import { cybersecevalPi } from './cyberseceval-pi.ts'
import { deepset } from './deepset.ts'
import { garakReport } from './garak-report.ts'
import { generic } from './generic.ts'
import { harmbench } from './harmbench.ts'
import { injecagent } from './injecagent.ts'
import { ivanleomk } from './ivanleomk.ts'
import { jackhhao } from './jackhhao.ts'
import { jailbreakbench } from './jailbreakbench.ts'
import { llmtraceScenario } from './llmtrace-scenario.ts'
import { llmtrace } from './llmtrace.ts'
import { notinject } from './notinject.ts'
import { openaiGuardrails } from './openai-guardrails.ts'
import { orBench } from './or-bench.ts'
import { pint } from './pint.ts'
import { promptfoo } from './promptfoo.ts'
import { pyrit } from './pyrit.ts'
import { qualifire } from './qualifire.ts'
import { safeguard } from './safeguard.ts'
import { spml } from './spml.ts'
import { tensorTrust } from './tensor-trust.ts'
import { xstest } from './xstest.ts'

/** Every format that can be imported: a new one is a file and a line here. */
export const ADAPTERS: readonly Adapter[] = [
  llmtrace,
  llmtraceScenario,
  pint,
  notinject,
  deepset,
  safeguard,
  ivanleomk,
  qualifire,
  jackhhao,
  cybersecevalPi,
  cybersecevalFrr,
  bipia,
  injecagent,
  tensorTrust,
  jailbreakbench,
  harmbench,
  advbench,
  xstest,
  orBench,
  ailuminate,
  spml,
  openaiGuardrails,
  pyrit,
  garakReport,
  promptfoo,
  generic,
]

/** Throws UsageError that lists the adapters, for a name that is none. */
export function findAdapter(name: string | undefined): Adapter {
  const adapter = ADAPTERS.find((one) => one.name === name)
  if (adapter !== undefined) return adapter
  const lines = ADAPTERS.map((one) => `  ${one.name.padEnd(20)}${one.reads}`)
  const given =
    name === undefined ? '--from is missing' : `--from ${JSON.stringify(name)} is no adapter`
  throw new UsageError([`${given}; the adapters are`, ...lines].join('\n'))
}
