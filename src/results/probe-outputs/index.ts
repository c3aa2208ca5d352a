import { probeCsv } from './csv.ts'
import { probeJunit } from './junit.ts'
import type { ProbeReport } from './probe-row.ts'
import { probeSarif } from './sarif.ts'

/** Formats that are written when a probe is done, by their flag's name; test/results/probe-outputs tries each. */
export const PROBE_OUTPUTS = {
  outputJunit: { flag: '--output-junit', render: probeJunit },
  outputSarif: { flag: '--output-sarif', render: probeSarif },
  outputCsv: { flag: '--output-csv', render: probeCsv },
} as const satisfies Readonly<
  Record<string, { readonly flag: string; readonly render: (report: ProbeReport) => string }>
>
