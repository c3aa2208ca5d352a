import { performance } from 'node:perf_hooks'
import type { ProgressStep } from '../engine/run-plan.ts'
import type { Plan } from '../model/plan.ts'
import { type LiveEndpoint, liveView } from '../report/live-view.ts'
import { roundsOf } from '../schedule/rounds.ts'
import { quantile, sortSample } from '../stats/quantile.ts'
import type { Io } from './io.ts'
import type { Progress } from './progress.ts'

/** Redrawn at most this often: drawing is done between two requests, by the thread that stamps them. */
const PERIOD_MS = 200

/** Quantiles are of the latest this many: what is shown is how it goes now, and costs the same after an hour. */
const LATEST = 500

/** One endpoint's figures while a level runs. */
class LiveCounts {
  private readonly latest = new Float64Array(LATEST)
  private ok = 0
  private failed = 0
  private done = 0
  private readonly name: string

  constructor(name: string) {
    this.name = name
  }

  add({ done, exchange }: ProgressStep): void {
    this.done = done
    if (exchange.outcome === 'ok') {
      this.latest[this.ok % LATEST] = exchange.endedAt - exchange.sentAt
      this.ok += 1
    } else this.failed += 1
  }

  figures(elapsedMs: number): LiveEndpoint {
    const { name, done, failed, ok } = this
    const sorted = sortSample(this.latest.subarray(0, Math.min(ok, LATEST)))
    return {
      name,
      done,
      failed,
      perSecond: done / Math.max(1e-3, elapsedMs / 1000),
      p50Ms: quantile(sorted, 0.5),
      p95Ms: quantile(sorted, 0.95),
    }
  }
}

/** Shows a level on a terminal while it runs, in lines that are written over and gone at its end. */
export class LiveProgress implements Progress {
  private counts = new Map<string, LiveCounts>()
  private levelIndex = 0
  private startedAt = 0
  private shownAt = 0
  private shownLines = 0
  private readonly io: Io
  private readonly plan: Plan

  constructor(io: Io, plan: Plan) {
    this.io = io
    this.plan = plan
  }

  start(levelIndex: number): void {
    this.levelIndex = levelIndex
    this.startedAt = performance.now()
    this.shownAt = 0
    this.counts = new Map(this.plan.endpoints.map(({ name }) => [name, new LiveCounts(name)]))
  }

  step(step: ProgressStep): void {
    this.counts.get(step.endpoint.name)?.add(step)
    const now = performance.now()
    if (now - this.shownAt < PERIOD_MS) return
    this.shownAt = now
    this.draw(now - this.startedAt)
  }

  end(): void {
    if (this.shownLines > 0) this.io.stderr(this.eraser())
    this.shownLines = 0
  }

  private draw(elapsedMs: number): void {
    const { plan, io, levelIndex } = this
    const level = plan.levels[levelIndex]
    if (level === undefined) return
    const lines = liveView(
      {
        level,
        levelNumber: levelIndex + 1,
        levels: plan.levels.length,
        rounds: roundsOf(plan, level),
        planned: plan.requests,
        elapsedMs,
        endpoints: [...this.counts.values()].map((one) => one.figures(elapsedMs)),
      },
      { columns: io.columns(), colour: (io.env['NO_COLOR'] ?? '') === '' },
    )
    // In one write, so that no half of it is ever seen.
    io.stderr(`${this.eraser()}${lines.join('\n')}\n`)
    this.shownLines = lines.length
  }

  /** Moves up to the first line shown and erases from there. */
  private eraser(): string {
    return this.shownLines === 0 ? '' : `\u001B[${this.shownLines}A\r\u001B[J`
  }
}
