import type { ProbedCase } from '../../src/model/probe.ts'
import type { RunHead } from '../../src/model/run-record.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { verdict } from './judged-cases.ts'

/** An attempt whose verdict is of this kind; harmless unless it says otherwise. */
export function probed(kind: Verdict['kind'], given: Partial<ProbedCase> = {}): ProbedCase {
  return {
    caseId: 'case-1',
    label: 'benign',
    category: 'plain_task',
    subcategory: undefined,
    endpoint: 'proxy',
    repeat: 1,
    attempt: 1,
    last: true,
    status: 200,
    latencyMs: 12.5,
    headMs: 10,
    verdict: verdict(kind),
    prompt: 'What is the capital of France?',
    promptDigest: '0123456789abcdef',
    preview: 'Paris',
    answerDigest: 'fedcba9876543210',
    ...given,
  }
}

export const RUN_HEAD: RunHead = {
  tool: { name: 'llmtrace-bench', version: '0.1.0' },
  startedAt: '2026-11-24T12:00:00.000Z',
  node: 'v20.20.2',
  platform: 'linux-x64',
  client: 'lean',
  plan: {
    endpoints: [
      { name: 'direct', url: 'http://127.0.0.1:8082/v1/chat/completions', baseline: true },
      { name: 'proxy', url: 'http://127.0.0.1:8081/v1/chat/completions', baseline: false },
    ],
    levels: [],
    requests: 1,
    promptCount: 1,
    order: 'rounds',
    rounds: undefined,
    arrival: 'poisson',
    jitterMs: 0,
    seed: 1,
    warmupRequests: undefined,
  },
  spec: { model: 'm', system: 's', prompt: 'p', temperature: 0, maxTokens: 16 },
  hasToken: false,
  agentId: undefined,
  dataset: undefined,
  settings: {
    slo: undefined,
    budgets: { maxOverhead: [], maxErrorRate: undefined, minOkRps: undefined },
    primaryMetric: 'p95',
    pValues: false,
    untilHalfWidthMs: undefined,
    keepAlive: true,
    selfWarmup: true,
  },
}
