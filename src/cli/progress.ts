import { performance } from 'node:perf_hooks'
import type { ProgressStep } from '../engine/run-plan.ts'
import { nameLevel } from '../model/level.ts'
import type { Plan } from '../model/plan.ts'
import type { Io } from './io.ts'
import { LiveProgress } from './live-progress.ts'

export interface Progress {
  start(levelIndex: number): void
  step(step: ProgressStep): void
  end(): void
}

interface ProgressOptions {
  /** Completed requests of an endpoint from line to line; 0 for no lines. */
  readonly every: number
  readonly quiet: boolean
}

const SILENT: Progress = { start: () => {}, step: () => {}, end: () => {} }

/** Lines where they are asked for; else a live view on a terminal, and nothing in a log. */
export function createProgress(io: Io, plan: Plan, { every, quiet }: ProgressOptions): Progress {
  if (quiet) return SILENT
  if (every > 0) return new ProgressLines(io, every, plan.requests)
  const { TERM, CI } = io.env
  const live = io.terminal && TERM !== 'dumb' && (CI ?? '') === ''
  return live ? new LiveProgress(io, plan) : SILENT
}

/** A line every `every` completed requests of an endpoint, out of `planned`. */
class ProgressLines implements Progress {
  private startedAt = 0
  private readonly failed = new Map<string, number>()
  private readonly io: Io
  private readonly every: number
  private readonly planned: number

  constructor(io: Io, every: number, planned: number) {
    this.io = io
    this.every = every
    this.planned = planned
  }

  start(): void {
    this.startedAt = performance.now()
    this.failed.clear()
  }

  step({ endpoint, level, done, exchange }: ProgressStep): void {
    const { failed, planned, every } = this
    if (exchange.outcome !== 'ok') failed.set(endpoint.name, (failed.get(endpoint.name) ?? 0) + 1)
    if (done % every !== 0 && done !== planned) return
    const rate = done / Math.max(1e-3, (performance.now() - this.startedAt) / 1000)
    const bad = failed.get(endpoint.name) ?? 0
    const errors = bad === 0 ? '' : `, ${bad} not ok`
    const where = `${endpoint.name} at ${nameLevel(level)}`
    this.io.stderr(`${where}: ${done}/${planned}, ${rate.toFixed(1)}/s${errors}\n`)
  }

  end(): void {}
}
