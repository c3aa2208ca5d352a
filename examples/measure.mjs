// Measures a proxy from a program: prints what it adds to the median, and fails when that is too much.
// Usage: node examples/measure.mjs DIRECT_URL PROXY_URL
import { runBenchmark } from 'llmtrace-bench'

const [directUrl, proxyUrl] = process.argv.slice(2)

const { result } = await runBenchmark({
  endpoints: [
    { name: 'direct', url: directUrl },
    { name: 'proxy', url: proxyUrl },
  ],
  model: 'simulated',
  prompts: ['What is a proxy?', 'Name three rivers.'],
  levels: [{ concurrency: 2 }],
  requests: 120,
  selfWarmupMs: 500,
  signal: AbortSignal.timeout(60_000),
})

for (const { candidate, level, rows } of result.overheads) {
  const { delta, interval } = rows.find(({ metric }) => metric === 'p50')
  const range = interval.value
    ? `${interval.value.low.toFixed(1)} to ${interval.value.high.toFixed(1)}`
    : interval.reason
  console.log(`${candidate} at ${level.concurrency}: ${delta.value?.toFixed(1)} ms (${range})`)
}
for (const { message } of result.warnings) console.error(`Warning: ${message}`)
