// What the proxy adds to an upstream that answers at once, one request at a time, with all its detectors; beside
// Portkey's gateway in the same run, and its memory over many requests. A figure never fails it.
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { markdownTable } from '../src/report/markdown-table.ts'
import { median } from './client/median.ts'
import { POLICY_DEFAULTS } from '../src/servers/proxy/policy.ts'
import { readRules } from '../src/servers/proxy/rules/read-rules.ts'
import { judge } from './detection/judge.ts'
import { partOf, readCorpus } from './detection/split.ts'
import { createSender } from './proxy/send.ts'
import { type BenchServer, startOurs, startPortkey, startUpstream } from './proxy/servers.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    requests: { type: 'string', default: '50' },
    'warm-up': { type: 'string', default: '2000' },
    'memory-requests': { type: 'string', default: '5000' },
    portkey: { type: 'boolean', default: true },
    output: { type: 'string', default: 'bench/results/proxy.json' },
  },
  allowNegative: true,
})

const GOALS_MS: Readonly<Record<string, number>> = { '1 kB': 1, '32 kB': 5 }

const loadBefore = loadavg()[0]
const prompts = await makePrompts()
const upstream = await startUpstream()
const servers: BenchServer[] = [upstream]
try {
  servers.push(await startOurs('ours, off', upstream.url, []))
  servers.push(await startOurs('ours, flag', upstream.url, ['--mode', 'flag']))
  servers.push(await startOurs('ours, block', upstream.url, ['--mode', 'block']))
  if (values.portkey) servers.push(await startPortkey(upstream.url))
  const overheads = []
  for (const [size, body] of prompts) overheads.push(...(await measure(size, body)))
  const memory = await measureMemory(servers[3] ?? upstream)
  print(overheads, memory)
  const result = { node: process.version, cpus: cpus().length, loadBefore, overheads, memory }
  await mkdir(dirname(values.output), { recursive: true })
  await writeFile(values.output, `${JSON.stringify(result, undefined, 2)}\n`)
  console.log(`\nWritten: ${values.output}`)
} finally {
  for (const server of servers.toReversed()) await server.stop()
}

interface Overhead {
  readonly size: string
  readonly server: string
  readonly p50Ms: number
  /** Over the upstream without anything between. */
  readonly addedMs: number
  /** Of the server's process, for a request. */
  readonly cpuMs: number
}

/** Requests of usual prose that the proxy lets through, from rows that rules were written on. */
async function makePrompts(): Promise<[size: string, body: string][]> {
  const rules = await readRules([])
  const rows = (await readCorpus())
    .filter((row) => row.category === 'long_context_benign' && partOf(row) === 'development')
    .filter((row) => judge(row, rules, POLICY_DEFAULTS).findings.length === 0)
  const prose = rows.map(({ text }) => text).join('\n\n')
  const bodyOf = (characters: number) =>
    JSON.stringify({
      model: 'bench',
      messages: [{ role: 'user', content: prose.slice(0, characters) }],
    })
  return [
    ['1 kB', bodyOf(1024)],
    ['32 kB', bodyOf(32_768)],
  ]
}

/** In rounds, one block for each server, so that what else the machine does meets all of them alike. */
async function measure(size: string, body: string): Promise<Overhead[]> {
  const senders = servers.map((server) => ({
    server,
    sender: createSender(server, 1),
    ms: [] as number[],
    cpuMs: 0,
  }))
  const requests = Number(values.requests)
  // Compilers settle first: a server that has run for a while is what is asked about.
  const warmUp = Number(values['warm-up'])
  for (const { sender } of senders) {
    for (let index = 0; index < warmUp; index += 1) await sender.send(body)
  }
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const one of round % 2 === 0 ? senders : senders.toReversed()) {
      const cpuBefore = await one.server.cpuMs()
      for (let index = 0; index < requests; index += 1) one.ms.push(await one.sender.send(body))
      one.cpuMs += (await one.server.cpuMs()) - cpuBefore
    }
  }
  for (const { sender } of senders) sender.close()
  const bare = median(senders[0]?.ms ?? []) ?? Number.NaN
  return senders.map(({ server, ms, cpuMs }) => {
    const p50Ms = median(ms) ?? Number.NaN
    return { size, server: server.name, p50Ms, addedMs: p50Ms - bare, cpuMs: cpuMs / ms.length }
  })
}

interface Memory {
  readonly requests: number
  readonly mb: readonly number[]
}

/** Resident memory at fifths of many requests, twenty at a time. */
async function measureMemory(server: BenchServer): Promise<Memory> {
  const requests = Number(values['memory-requests'])
  const [, body = ''] = prompts[0] ?? []
  const sender = createSender(server, 20)
  const mb: number[] = []
  for (let fifth = 0; fifth < 5; fifth += 1) {
    let left = Math.floor(requests / 5)
    const work = async () => {
      while (left > 0) {
        left -= 1
        await sender.send(body)
      }
    }
    await Promise.all(Array.from({ length: 20 }, work))
    mb.push(await server.memoryMb())
  }
  sender.close()
  return { requests, mb }
}

function print(overheads: readonly Overhead[], memory: Memory): void {
  console.log(
    `Node ${process.version}, ${cpus().length} CPUs, load before ${loadBefore?.toFixed(1)}. One request at a time.\n`,
  )
  console.log(
    markdownTable(
      ['prompt', 'server', 'p50 ms', 'added ms', 'goal', 'CPU ms'],
      overheads.map(({ size, server, p50Ms, addedMs, cpuMs }) => [
        size,
        server,
        p50Ms.toFixed(2),
        server === 'upstream' ? '' : addedMs.toFixed(2),
        server.startsWith('ours,') && server !== 'ours, off' ? `< ${GOALS_MS[size]}` : '',
        cpuMs.toFixed(2),
      ]),
    ),
  )
  const at = memory.mb.map((mb) => mb.toFixed(0)).join(', ')
  console.log(
    `\nResident memory of ours, block, at fifths of ${memory.requests} requests, MB: ${at}`,
  )
}
