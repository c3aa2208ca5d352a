import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { ScratchFolder } from './scratch-folder.ts'
import { runCommand, type Finished } from './run-command.ts'

export interface ProbedRow {
  readonly id: string
  readonly endpoint: string
  readonly repeat: number
  readonly attempt: number
  readonly status?: number
  readonly blocked: string
  readonly verdict: {
    readonly kind: string
    readonly rule: string
    readonly stage?: string
    readonly by?: string
    readonly reason?: string
    readonly detected?: boolean
    readonly modelRefused: boolean
  }
}

export interface ProbeFile {
  readonly probe_version: number
  readonly cases: readonly ProbedRow[]
  readonly [key: string]: unknown
}

export interface ProbeRun extends Finished {
  readonly file: ProbeFile
  readonly cases: readonly ProbedRow[]
  /** `case: verdict by rule`, of the endpoint that is judged. */
  readonly verdicts: Readonly<Record<string, string>>
}

/** A dataset of these texts by id, malicious where they say "attack". */
export function datasetOf(folder: ScratchFolder, texts: Readonly<Record<string, string>>): string {
  const rows = Object.entries(texts).map(([id, text]) => ({
    id,
    text,
    label: text.includes('attack') ? 'malicious' : 'benign',
  }))
  return folder.write('cases.json', rows)
}

/** Probes through the built command, and reads the file it writes. */
export async function probe(folder: ScratchFolder, flags: readonly string[]): Promise<ProbeRun> {
  const output = join(folder.path, 'probe.json')
  const finished = await runCommand([
    ...['--mode', 'probe', '--model', 'm', '--output-json', output],
    ...flags,
  ])
  const text = (() => {
    try {
      return readFileSync(output, 'utf8')
    } catch {
      throw new Error(`no result: ${finished.stdout}${finished.stderr}`)
    }
  })()
  const file = JSON.parse(text) as ProbeFile
  const judged = file.cases.filter(({ endpoint }) => endpoint !== 'direct')
  return {
    ...finished,
    file,
    cases: file.cases,
    verdicts: Object.fromEntries(
      judged.map(({ id, verdict }) => [id, `${verdict.kind} by ${verdict.rule}`]),
    ),
  }
}

/** What a test's proxy changes of a request on its way. */
export interface Forwarding {
  readonly upstream: string
  readonly dropHeaders?: boolean
  readonly changeBody?: (body: string) => string
}

/** Forwards a request to `upstream` and answers with what comes back. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  { upstream, dropHeaders = false, changeBody = (text) => text }: Forwarding,
): Promise<void> {
  const kept = Object.entries(request.headers).filter(([name]) => name.startsWith('x-llmtrace'))
  const answer = await fetch(`${upstream}/v1/chat/completions`, {
    method: 'POST',
    headers: dropHeaders ? {} : (Object.fromEntries(kept) as Record<string, string>),
    body: changeBody(body),
  })
  response.writeHead(answer.status).end(await answer.text())
}
