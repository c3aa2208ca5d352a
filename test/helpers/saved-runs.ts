import { type SavedRun, parseSavedRun, savedRunOf } from '../../src/formats/saved-run.ts'
import type { RenderRun } from '../../src/formats/run-format.ts'
import { render as renderJson } from '../../src/formats/json.ts'
import type { RunRecord } from '../../src/model/run-record.ts'
import { buildMeasurement, roundRows } from './measurement-builder.ts'
import { buildRecord, PLAIN_SETTINGS } from './settings.ts'

const ROUNDS = 6
const EACH = 50

/** Direct against proxy at two levels, with what everything that may be printed needs: budgets, failures, a warning. */
export function comparisonRecord(given: Partial<RunRecord> = {}): RunRecord {
  const levels = [{ concurrency: 1 }, { concurrency: 4 }]
  const wave = (round: number, sequence: number) => ((round * 7 + sequence * 13) % 20) / 10
  const measurements = levels.flatMap((level) => [
    buildMeasurement(
      roundRows(ROUNDS, EACH, (round, sequence) => 20 + wave(round, sequence)),
      { endpoint: 'direct', url: 'http://127.0.0.1:8082/', level, planned: ROUNDS * EACH },
    ),
    buildMeasurement(
      [
        ...roundRows(ROUNDS, EACH, (round, sequence) => 25 + wave(round, sequence * 3)),
        { outcome: 'throttled', status: 429, round: ROUNDS - 1, sequence: ROUNDS * EACH },
      ],
      { endpoint: 'proxy', url: 'http://127.0.0.1:8081/', level, planned: ROUNDS * EACH + 1 },
    ),
  ])
  const record = buildRecord(measurements, {
    settings: {
      ...PLAIN_SETTINGS,
      budgets: {
        maxOverhead: [
          { metric: 'p95', limit: { ms: 5 } },
          { metric: 'mean', limit: { ms: 50 } },
          { metric: 'p50', limit: { share: 0.01 } },
        ],
        maxErrorRate: undefined,
        minOkRps: undefined,
      },
    },
  })
  return { ...record, plan: { ...record.plan, levels }, ...given }
}

/** The same run as `--output-json` saves it. */
export function storedRun(record: RunRecord): SavedRun {
  return parseSavedRun('result.json', Buffer.from(textOf(renderJson, savedRunOf(record))))
}

/** What a format of text renders to. */
export function textOf(render: RenderRun, run: SavedRun, samples = false): string {
  const rendered = render(run, { samples })
  if (typeof rendered !== 'string') throw new Error('no text, or not at once')
  return rendered
}
