import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled } from './command.ts'
import { startServerProcess } from './server-process.ts'
import { ANSWER } from './workload.ts'

/** The zero-delay upstream, in a process of its own. */
export interface Upstream {
  readonly kind: 'nginx' | 'node'
  readonly origin: string
  /** Requests answered so far by its own count. */
  countRequests(): Promise<number>
  stop(): Promise<void>
}

export async function startUpstream(requireAll: boolean): Promise<Upstream> {
  if (await isInstalled('nginx')) return startNginx()
  if (requireAll) throw new Error('nginx is not installed: apt-get install nginx-light')
  return startNullServer()
}

async function startNullServer(): Promise<Upstream> {
  const module = fileURLToPath(new URL('null-server.ts', import.meta.url))
  const server = startServerProcess(process.execPath, ['--import', 'tsx', module])
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  const countRequests = async () => Number(await (await fetch(`${origin}/count`)).text())
  return { kind: 'node', origin, countRequests, stop: () => server.stop() }
}

async function startNginx(): Promise<Upstream> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-nginx-'))
  const port = await findFreePort()
  const config = join(folder, 'nginx.conf')
  await writeFile(config, nginxConfig(folder, port))
  // nginx does not look at its input; the shell around it does, and ends it.
  const script = 'nginx -c "$1" -e stderr & read -r _; kill $!; wait'
  const server = startServerProcess('sh', ['-c', script, 'sh', config])
  const origin = `http://127.0.0.1:${port}`
  // The status page counts the requests for itself too.
  let asked = 0
  const countRequests = async () => {
    const page = await (await fetch(`${origin}/count`)).text()
    asked += 1
    return Number(/^ *\d+ +\d+ +(\d+)/m.exec(page)?.[1]) - asked
  }
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  await waitUntilAnswered(countRequests).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { kind: 'nginx', origin, countRequests, stop }
}

/** One process without a master, nothing logged, connections kept for ever. */
function nginxConfig(folder: string, port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; ${paths}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /count { stub_status; }
    location / { default_type application/json; return 200 '${ANSWER}'; }
  }
}
`
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function waitUntilAnswered(ask: () => Promise<number>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await ask()
      return
    } catch (error) {
      if (tries === 50) throw new Error('nginx did not answer in time', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
