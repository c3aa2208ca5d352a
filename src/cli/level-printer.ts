import { compareSummaries } from '../analysis/overhead.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import { overheadTable, statsTable } from '../report/load-tables.ts'

interface LevelPrinter {
  /** A block is done. */
  add(summary: Summary): void
  /** Prints what a stop left unprinted, and the table of all. */
  finish(): void
  readonly overheads: readonly Overhead[]
}

/** Prints the tables of the specification as levels complete. */
export function createLevelPrinter(
  endpointCount: number,
  print: (text: string) => void,
): LevelPrinter {
  const all: Summary[] = []
  const overheads: Overhead[] = []
  let level: Summary[] = []
  const printLevel = () => {
    const [first] = level
    if (first === undefined) return
    print(`${statsTable(`Results (concurrency=${first.concurrency})`, level)}\n`)
    for (const candidate of level.slice(1)) {
      const overhead = compareSummaries(first, candidate)
      overheads.push(overhead)
      print(`${overheadTable(overhead)}\n`)
    }
    level = []
  }
  return {
    overheads,
    add(summary) {
      all.push(summary)
      if (endpointCount === 1) return
      level.push(summary)
      if (level.length === endpointCount) printLevel()
    },
    finish() {
      printLevel()
      if (all.length === 0) return
      print(`${statsTable(endpointCount === 1 ? 'Results' : 'Sweep Results', all)}\n`)
    },
  }
}
