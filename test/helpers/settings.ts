import type { AnalysisSettings, RunRecord } from '../../src/model/run-record.ts'
import type { Measurement } from '../../src/model/measurement.ts'

/** Settings that ask for nothing. */
export const PLAIN_SETTINGS: AnalysisSettings = {
  slo: undefined,
  budgets: { maxOverhead: [], maxErrorRate: undefined, minOkRps: undefined },
  primaryMetric: 'p95',
  pValues: false,
  untilHalfWidthMs: undefined,
  keepAlive: true,
  selfWarmup: true,
}

/** A run of these measurements, direct against proxy. */
export function buildRecord(
  measurements: readonly Measurement[],
  given: Partial<RunRecord> = {},
): RunRecord {
  return {
    tool: { name: 'llmtrace-bench', version: '0.0.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    node: 'v20',
    platform: 'linux-x64',
    client: 'lean',
    plan: {
      endpoints: [
        { name: 'direct', url: 'http://127.0.0.1:8082/', baseline: true },
        { name: 'proxy', url: 'http://127.0.0.1:8081/', baseline: false },
      ],
      levels: [{ concurrency: 1 }],
      requests: 3,
      promptCount: 1,
      order: 'rounds',
      rounds: undefined,
      arrival: 'poisson',
      jitterMs: 0,
      seed: 7,
      warmupRequests: undefined,
    },
    spec: { model: 'm', system: 's', prompt: 'p', temperature: 0, maxTokens: 16 },
    hasToken: true,
    agentId: undefined,
    dataset: undefined,
    settings: PLAIN_SETTINGS,
    measurements,
    partial: false,
    incidents: [],
    ...given,
  }
}
