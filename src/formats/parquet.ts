import { parquetWriteBuffer } from 'hyparquet-writer/src/index.js'
import type { RenderRun } from './run-format.ts'
import { SAMPLE_COLUMNS, type SampleColumn, samplesOf } from './sample-rows.ts'

const TYPES = {
  text: 'STRING',
  whole: 'INT32',
  long: 'INT64',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
} as const satisfies Readonly<Record<SampleColumn['type'], string>>

/** The samples, a row a request, in columns of their types; what the run was is in the file's metadata. */
export const render: RenderRun = (run) => {
  const measurements = samplesOf(run)
  const { facts } = run
  const columnData = SAMPLE_COLUMNS.map(({ name, type, read }) => {
    const values = measurements.flatMap((measurement) =>
      Array.from({ length: measurement.samples.length }, (_, row) => read(measurement, row)),
    )
    const data = type === 'long' ? values.map((value) => BigInt(Number(value))) : values
    return { name, type: TYPES[type], data }
  })
  const told = {
    started_at: facts.startedAt,
    model: facts.spec.model,
    tool: `llmtrace-bench ${facts.toolVersion}`,
  }
  const kvMetadata = Object.entries(told).map(([key, value]) => ({ key, value: value ?? '' }))
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: told.tool }))
}
