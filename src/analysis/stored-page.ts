import type { Page, PageHead, RunPart } from '../model/page.ts'
import { unmeasured } from '../model/estimate.ts'
import { distributionsOf } from './chart-data.ts'

type Stored = Omit<RunPart, 'charts' | 'pValues'> & {
  readonly head: PageHead
  /** Ok latencies of each summary, ms. */
  readonly latencies: readonly Float64Array[]
}

/** A page of what a result file holds: all but the course over time. */
export function storedPage({ head, latencies, ...run }: Stored): Page {
  return {
    head,
    run: {
      ...run,
      charts: {
        distributions: distributionsOf(run.result.summaries, latencies),
        timelines: unmeasured(
          'a result file does not hold when each request was; a file of --run-file does',
        ),
      },
      // The file has them whether they were asked for or not; they are in its table of significance.
      pValues: false,
    },
  }
}
