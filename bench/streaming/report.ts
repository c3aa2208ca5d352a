import { markdownTable } from '../../src/report/markdown-table.ts'

/** Medians over the rounds. */
export interface StreamingFigures {
  readonly bias: readonly {
    readonly server: string
    readonly client: 'lean' | 'undici'
    readonly p50: number
    readonly p95: number
    readonly p99: number
  }[]
  readonly streamsPerS: number
  readonly bareStreamsPerS: number
  /** Without a delay of the server, as many chunks a read as come. */
  readonly cpuUsPerStream: number
  readonly bareCpuUsPerStream: number
  readonly chunksPerRead: number
  /** Chunk by chunk, as a model sends them. */
  readonly pacedCpuUsPerStream: number
  readonly barePacedCpuUsPerStream: number
}

export interface StreamingGoal {
  readonly name: string
  readonly wanted: string
  readonly measured: string
  readonly reached: boolean
}

export function judgeStreaming({ bias, streamsPerS }: StreamingFigures): StreamingGoal[] {
  const lean = bias.filter(({ client }) => client === 'lean')
  return [
    ...lean.flatMap(({ server, p50, p99 }) => [
      atMost(`TTFT bias p50 at 50 streams, ${server}`, 0.4, p50),
      atMost(`TTFT bias p99 at 50 streams, ${server}`, 1.5, p99),
    ]),
    {
      name: 'streams/s of 50 chunks from one core',
      wanted: 'at least 1500',
      measured: streamsPerS.toFixed(0),
      reached: streamsPerS >= 1500,
    },
  ]
}

function atMost(name: string, limit: number, measured: number): StreamingGoal {
  const reached = measured <= limit
  return { name, wanted: `at most ${limit} ms`, measured: `${measured.toFixed(2)} ms`, reached }
}

export function printStreaming(figures: StreamingFigures, goals: readonly StreamingGoal[]): string {
  const ratio = (own: number, bare: number) => (own / bare).toFixed(2)
  const { cpuUsPerStream, bareCpuUsPerStream } = figures
  const { pacedCpuUsPerStream, barePacedCpuUsPerStream } = figures
  return [
    "## TTFT beyond the server's own clock, 50 streams, ms at p50 / p95 / p99",
    markdownTable(
      ['server', 'client', 'bias'],
      figures.bias.map(({ server, client, p50, p95, p99 }) => [
        server,
        `ours, ${client}`,
        [p50, p95, p99].map((ms) => ms.toFixed(2)).join(' / '),
      ]),
    ),
    '## Streams of 50 chunks: how many without a delay of the server, and their CPU',
    markdownTable(
      ['client', 'streams/s', 'CPU us', 'of bare', 'chunk by chunk, CPU us', 'of bare'],
      [
        [
          'ours, lean',
          figures.streamsPerS.toFixed(0),
          cpuUsPerStream.toFixed(0),
          ratio(cpuUsPerStream, bareCpuUsPerStream),
          pacedCpuUsPerStream.toFixed(0),
          ratio(pacedCpuUsPerStream, barePacedCpuUsPerStream),
        ],
        [
          'bare socket reader',
          figures.bareStreamsPerS.toFixed(0),
          bareCpuUsPerStream.toFixed(0),
          '1.00',
          barePacedCpuUsPerStream.toFixed(0),
          '1.00',
        ],
      ],
    ),
    `Without a delay ours read ${figures.chunksPerRead.toFixed(1)} content chunks a read. By CPU time, whatever else the machine does: ${(1e6 / cpuUsPerStream).toFixed(0)} streams/s from one core.`,
    '## Goals',
    markdownTable(
      ['goal', 'wanted', 'measured', ''],
      goals.map(({ name, wanted, measured, reached }) => [
        name,
        wanted,
        measured,
        reached ? 'reached' : 'not reached',
      ]),
    ),
    '',
  ].join('\n\n')
}
