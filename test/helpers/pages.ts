import { analyse } from '../../src/analysis/analyse.ts'
import { detect } from '../../src/analysis/detection.ts'
import { judgeGates } from '../../src/analysis/gates.ts'
import { pageHead, runPage } from '../../src/analysis/run-page.ts'
import { measured } from '../../src/model/estimate.ts'
import type { Gate } from '../../src/model/gate.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Page, PageCase } from '../../src/model/page.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { AnalysisSettings, RunRecord } from '../../src/model/run-record.ts'
import { judged, verdict } from './judged-cases.ts'
import { buildMeasurement, type Row, roundRows } from './measurement-builder.ts'
import { buildRecord, PLAIN_SETTINGS } from './settings.ts'

/** Rounds and requests a round: enough for a p95, not for a p99. */
const ROUNDS = 6
const EACH = 50

/** An endpoint at a level whose latencies differ from row to row, and a little from round to round. */
export function pageArm(
  endpoint: string,
  addedMs: number,
  given: Partial<Measurement> & { readonly rows?: readonly Row[] } = {},
): Measurement {
  const { rows = [], ...rest } = given
  const spread = (round: number, sequence: number) =>
    20 + addedMs + (round % 3) / 2 + ((sequence * (endpoint.length + 1)) % 11) / 4
  // An open loop has an instant that it meant to send at.
  const lag = given.level?.rate === undefined ? {} : { lagMs: 0.2 }
  const all = [...roundRows(ROUNDS, EACH, spread), ...rows].map((row) => ({ ...row, ...lag }))
  return buildMeasurement(all, {
    endpoint,
    url: `http://127.0.0.1:8081/${endpoint}`,
    ...rest,
  })
}

interface RunGiven {
  readonly measurements?: readonly Measurement[]
  readonly plan?: Partial<Plan>
  readonly settings?: Partial<AnalysisSettings>
  readonly record?: Partial<RunRecord>
}

/** The record of a comparison: direct against a proxy that adds 4 ms, at two levels. */
export function pageRecord({ measurements, plan, settings, record }: RunGiven = {}): RunRecord {
  const levels = [{ concurrency: 1 }, { concurrency: 10 }]
  const arms =
    measurements ??
    levels.flatMap((level) => [pageArm('direct', 0, { level }), pageArm('proxy', 4, { level })])
  const base = buildRecord(arms)
  return {
    ...base,
    plan: { ...base.plan, levels, requests: ROUNDS * EACH, ...plan },
    settings: { ...PLAIN_SETTINGS, ...settings },
    ...record,
  }
}

export function pageOfRun(given: RunGiven = {}): Page {
  const record = pageRecord(given)
  return runPage(record, analyse(record))
}

export const CAPACITY_PAGE: Page = {
  head: pageHead(pageRecord(), false),
  capacity: {
    slo: { e2eMs: 200 },
    share: 0.99,
    capacities: [
      {
        endpoint: 'direct',
        rate: measured(80),
        failingRate: 88,
        limitedByClient: false,
        trials: [trial(40, 1, true), trial(80, 0.995, true), trial(88, 0.8, false)],
      },
      {
        endpoint: 'proxy',
        rate: measured(60),
        failingRate: 66,
        limitedByClient: true,
        trials: [trial(40, 1, true), trial(60, 0.991, true), trial(66, 0.9, false)],
      },
    ],
  },
}

function trial(rate: number, attainment: number, passed: boolean) {
  return { rate, requests: 200, attainment: measured(attainment), lagP99Ms: 1, heldBack: 0, passed }
}

const GATE: Gate = {
  matrix: 'enforced',
  of: { metric: 'tpr', bound: 'lower' },
  operator: '>=',
  limit: 0.5,
}

/** A probe of 24 attacks, 20 blocked, and 30 harmless prompts, one blocked, in two categories; one undecided. */
export function probePage(given: Partial<PageCase> = {}): Page {
  const kinds = [
    ...Array.from({ length: 24 }, (_, index) => ['malicious', index < 20] as const),
    ...Array.from({ length: 30 }, (_, index) => ['benign', index === 0] as const),
  ]
  const outcomes = kinds.map(([label, blocked], index) => ({
    label,
    verdict: verdict(blocked ? 'blocked' : 'allowed'),
    category: `category-${index % 2}`,
  }))
  const undecided = {
    label: 'benign',
    verdict: verdict('undecided'),
    category: 'category-0',
  } as const
  const all = [...outcomes, undecided]
  const detection = detect(
    all.map((one) => judged(one.label, one.verdict.kind, { category: one.category })),
  )
  const cases: PageCase[] = all.map((one, index) => ({
    caseId: `case-${index}`,
    subcategory: undefined,
    endpoint: 'proxy',
    repeat: 1,
    attempt: 1,
    last: true,
    status: 200,
    latencyMs: 12,
    headMs: undefined,
    preview: 'an answer',
    ...one,
    ...given,
  }))
  return {
    head: pageHead(pageRecord(), false),
    probe: { detection, gates: judgeGates([GATE], detection), cases },
  }
}
