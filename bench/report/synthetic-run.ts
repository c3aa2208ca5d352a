import { createRecorder } from '../../src/engine/recorder.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { RunHead } from '../../src/model/run-record.ts'
import { RunFileWriter } from '../../src/results/run-file-writer.ts'
import { createRandom, type Random } from '../../src/stats/random.ts'

const LEVELS = [1, 2, 5, 10, 20]
const ROUNDS = 10
/** A model that drifts by a tenth over a level, with one slow answer in a hundred, and a proxy that adds 4 ms. */
const MODEL_MS = 25
const DRIFT = 0.1
const ADDED_MS = 4

/** A comparison of `requests` in all over five levels, written with the writer that runs use. */
export async function writeSyntheticRun(path: string, requests: number): Promise<void> {
  const each = Math.max(ROUNDS, Math.floor(requests / LEVELS.length / 2))
  const head = headOf(each)
  const writer = await RunFileWriter.open(path, head)
  const random = createRandom('synthetic-run')
  for (const [index, level] of head.plan.levels.entries()) {
    const arms = head.plan.endpoints.map((_, arm) => armOf(head, { index, arm }, random))
    writer.endLevel(index, arms)
    void level
  }
  await writer.close(false)
  if (writer.incident !== undefined) throw new Error(writer.incident.message)
}

function headOf(each: number): RunHead {
  return {
    tool: { name: 'llmtrace-bench', version: '0.0.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    client: 'lean',
    plan: {
      endpoints: [
        { name: 'direct', url: 'http://127.0.0.1:8082/v1/chat/completions', baseline: true },
        { name: 'proxy', url: 'http://127.0.0.1:8081/v1/chat/completions', baseline: false },
      ],
      levels: LEVELS.map((concurrency) => ({ concurrency })),
      requests: each,
      promptCount: 1,
      order: 'rounds',
      rounds: ROUNDS,
      arrival: 'poisson',
      jitterMs: 0,
      seed: 1,
      warmupRequests: undefined,
    },
    spec: { model: 'synthetic', system: 's', prompt: 'p', temperature: 0, maxTokens: 16 },
    hasToken: false,
    agentId: undefined,
    dataset: undefined,
    settings: {
      slo: { e2eMs: 60 },
      budgets: {
        maxOverhead: [{ metric: 'p95', limit: { ms: 5 } }],
        maxErrorRate: 0.01,
        minOkRps: undefined,
      },
      primaryMetric: 'p95',
      pValues: true,
      untilHalfWidthMs: undefined,
      keepAlive: true,
      selfWarmup: true,
    },
  }
}

/** One endpoint at one level: its rounds take turns with the other's. */
function armOf(
  { plan }: RunHead,
  { index, arm }: { readonly index: number; readonly arm: number },
  random: Random,
): Measurement {
  const endpoint = plan.endpoints[arm]
  const level = plan.levels[index]
  if (endpoint === undefined || level === undefined) throw new Error('no such arm')
  const recorder = createRecorder(plan.requests)
  const blockMs = (plan.requests / ROUNDS / level.concurrency) * MODEL_MS
  for (let sequence = 0; sequence < plan.requests; sequence += 1) {
    const round = Math.floor((sequence * ROUNDS) / plan.requests)
    const within = ((sequence * ROUNDS) / plan.requests) % 1
    // ABBA: the first of a round is the second of the next.
    const turn = (round + arm) % 2
    const sentAt = (round * 2 + turn + within) * blockMs
    const noise = 6 * Math.abs(random() - random()) + (random() < 0.01 ? 40 * random() : 0)
    const latencyMs = (MODEL_MS + noise) * (1 + (DRIFT * round) / ROUNDS) + arm * ADDED_MS
    const failed = random() < 0.001
    recorder.record(
      { sequence, promptIndex: 0, delayMs: 0 },
      {
        outcome: failed ? 'http-error' : 'ok',
        status: failed ? 500 : 200,
        sentAt,
        endedAt: sentAt + latencyMs,
        reused: true,
        connectMs: 0,
        bodyBytes: 200,
      },
      { round, intendedAt: undefined },
    )
  }
  return {
    endpoint: endpoint.name,
    url: endpoint.url,
    level,
    planned: plan.requests,
    rounds: ROUNDS,
    samples: recorder.columns(),
    errorExamples: [{ outcome: 'http-error', status: 500, message: 'upstream failed' }],
    clientLoads: [],
    facts: [],
    heldBack: 0,
    partial: false,
  }
}
