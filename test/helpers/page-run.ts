import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type DocumentedBlock, TOKEN } from './documented-commands.ts'
import { listeningUrl, MAIN, ROOT, type Started, startProgram } from './run-command.ts'

/** A folder for the PATH, where `llmtrace-bench` is the built command. */
export function createShim(folder: string): void {
  mkdirSync(folder)
  const shim = join(folder, 'llmtrace-bench')
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
  chmodSync(shim, 0o755)
}

interface Surroundings {
  /** Where the page's blocks are run. */
  readonly cwd: string
  /** Comes first on the PATH. */
  readonly bin: string
  /** Port in the pages to the URL of what stands for it, until the page starts a server of its own there. */
  readonly standIns: Readonly<Record<string, string>>
}

/** Runs the blocks of one page in their order, as a reader would who has two terminals more. */
export class PageRun {
  private readonly urls: Map<string, string>
  private readonly servers = new Map<string, Started>()
  private readonly surroundings: Surroundings

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings
    this.urls = new Map(Object.entries(surroundings.standIns))
    mkdirSync(surroundings.cwd)
    // The pages name its files as from the root of the repository.
    symlinkSync(join(ROOT, 'examples'), join(surroundings.cwd, 'examples'))
  }

  /** Runs a block; gives what is wrong with it. A server goes on until its port is needed, or `stop`. */
  async run(block: DocumentedBlock): Promise<string[]> {
    if (block.how.kind === 'server') return this.runServer(block.text, block.how)
    return block.how.kind === 'commands' ? this.runCommands(block.text) : []
  }

  /** Stops the servers, the proxy before its upstream; gives what is wrong with their ends. */
  async stop(): Promise<string[]> {
    const problems: string[] = []
    for (const port of [...this.servers.keys()].toSorted()) {
      problems.push(...(await this.stopServer(port)))
    }
    return problems
  }

  /** All that is changed in a block: a port may be taken on this machine, so that servers get a free one. */
  private substitute(text: string): string {
    let substituted = text.replaceAll(/--port \d+/g, '--port 0')
    for (const [port, url] of this.urls) {
      substituted = substituted.replaceAll(`http://127.0.0.1:${port}`, url)
    }
    return substituted
  }

  private start(script: string): Started {
    const { cwd, bin } = this.surroundings
    return startProgram('bash', ['-euo', 'pipefail', '-c', script], {
      cwd,
      env: { PATH: `${bin}${delimiter}${process.env['PATH']}`, LLMTRACE_TOKEN: TOKEN },
      timeoutMs: 110_000,
    })
  }

  private async runCommands(text: string): Promise<string[]> {
    const { code, stdout, stderr } = await this.start(this.substitute(text)).finished
    const measures = /^llmtrace-bench\s+(?:\\\s+)?--/.test(text)
    const [, file] = /(?:--output-json|>)\s+(\S+)/.exec(text) ?? []
    // How a budget ends depends on how busy the machine is, which is not the page's doing.
    const judged = /--max-overhead|--max-error-rate|--min-ok-rps|--fail-on-regression/.test(text)
    const changed = /compare --pairs \S*step/.test(text)
    const expected = judged ? [0, 1, 4] : changed ? [4] : [0]
    return [
      ...(expected.includes(code ?? -1) ? [] : [`exit code ${code}: ${stderr}`]),
      ...((stdout + stderr).includes(TOKEN) ? ['the token is printed'] : []),
      ...(measures && !/^## (?:(?:Sweep )?Results|Capacity|Probe Summary|Plan)/m.test(stdout)
        ? ['no table of results']
        : []),
      ...(file !== undefined && !readdirSync(this.surroundings.cwd).includes(file)
        ? [`no file ${file}`]
        : []),
    ]
  }

  private async runServer(text: string, { server, port }: { server: string; port: string }) {
    const problems = await this.stopServer(port)
    const started = this.start(`exec ${this.substitute(text)}`)
    const url = await listeningUrl(started).catch((error: Error) => {
      started.child.kill()
      throw error
    })
    this.servers.set(port, started)
    this.urls.set(port, url)
    const health = (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>
    if (!/^(?:ok|healthy)$/.test(String(health['status']))) {
      problems.push('the server is not healthy')
    }
    const [, upstream] = /--upstream (\S+)/.exec(this.substitute(text)) ?? []
    if (server === 'proxy' && health['upstream'] !== upstream) {
      problems.push(`the upstream is ${String(health['upstream'])}`)
    }
    return problems
  }

  private async stopServer(port: string): Promise<string[]> {
    const started = this.servers.get(port)
    if (started === undefined) return []
    this.servers.delete(port)
    started.child.kill('SIGTERM')
    const { code, stderr } = await started.finished
    return code === 0 ? [] : [`the server at ${port} ended with exit code ${code}: ${stderr}`]
  }
}
