import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { requires } from './requirement.ts'

export interface PostgresServer {
  /** Of a database of its own, empty; with a password that must not be printed. */
  readonly url: (database: string) => Promise<string>
  readonly stop: () => Promise<void>
  /** Again, after `stop`, with the same data at the same port. */
  readonly start: () => Promise<void>
  /** Stops it for good. */
  readonly remove: () => Promise<void>
}

/** In every URL, though the server trusts anyone: what is to appear nowhere. */
export const POSTGRES_PASSWORD = 'pw-postgres-4711'

const DEBIAN = '/usr/lib/postgresql'

/** Folder with initdb and postgres, the newest; undefined where there is none. */
function findBinaries(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0]
  const folder = newest === undefined ? undefined : join(DEBIAN, newest, 'bin')
  return folder !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined
}

/** PostgreSQL refuses to run as root, so root lends it the package's own user. */
function unprivileged(): { uid?: number; gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim() || Number.NaN),
  )
  return uid && gid ? { uid, gid } : undefined
}

const binaries = findBinaries()
const user = unprivileged()

export function hasPostgres(): boolean {
  const available = binaries !== undefined && user !== undefined
  return requires('PostgreSQL', available, 'apt-get install postgresql')
}

/** Starts a real server in a scratch folder, at a free port of the loopback. */
export async function startPostgres(): Promise<PostgresServer> {
  if (binaries === undefined || user === undefined) throw new Error('there is no PostgreSQL')
  const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-postgres-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? 0)
  const data = join(folder, 'data')
  const args = ['-D', data, '-A', 'trust', '-U', 'bench', '-E', 'UTF8', '--no-sync', '--no-locale']
  const made = spawnSync(join(binaries, 'initdb'), args, { ...user, cwd: folder })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr.toString()}`)
  const port = await freePort()
  let server: ChildProcess | undefined
  const start = async () => {
    const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1']
    server = spawn(
      join(binaries, 'postgres'),
      ['-D', data, '-p', String(port), '-k', folder, ...settings],
      { ...user, cwd: folder, stdio: 'ignore' },
    )
    await untilReady(`postgres://bench@127.0.0.1:${port}/postgres`)
  }
  const stop = async () => {
    const ended = new Promise((resolve) => {
      server?.once('exit', resolve)
    })
    if (server === undefined || server.exitCode !== null) return
    // Ends the sessions rather than waiting for them.
    server.kill('SIGINT')
    await ended
  }
  await start()
  return {
    url: async (database) => {
      await query(`postgres://bench@127.0.0.1:${port}/postgres`, `CREATE DATABASE ${database}`)
      return `postgres://bench:${POSTGRES_PASSWORD}@127.0.0.1:${port}/${database}`
    },
    start,
    stop,
    remove: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

async function untilReady(url: string): Promise<void> {
  const giveUpAt = Date.now() + 20_000
  for (;;) {
    try {
      await query(url, 'SELECT 1')
      return
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
      await delay(50)
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => {
    probe.close(resolve)
  })
  return port
}
