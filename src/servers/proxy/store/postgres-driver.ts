import pg from 'pg'
import type { SqlDriver, SqlRow, SqlSession, SqlValue } from './sql-driver.ts'

/** A statement takes at most 65535 parameters. */
const MOST_PARAMETERS = 60_000
const CONNECT_TIMEOUT_MS = 3000
const STATEMENT_TIMEOUT_MS = 30_000

/** Opens a pool that connects when it is used, and again after a connection broke. */
export function openPostgres(url: string): SqlDriver {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'llmtrace-bench',
  })
  // An idle connection that breaks is replaced; the next query says it where that fails too.
  pool.on('error', () => {})
  return new PostgresDriver(pool)
}

type Queryable = Pick<pg.Pool, 'query'>

class PostgresSession implements SqlSession {
  private readonly client: Queryable

  constructor(client: Queryable) {
    this.client = client
  }

  async all(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    let place = 0
    const numbered = sql.replaceAll('?', () => {
      place += 1
      return `$${place}`
    })
    const { rows } = await this.client.query<SqlRow>(numbered, [...parameters])
    return rows
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    const most = Math.floor(MOST_PARAMETERS / columns.length)
    const places = `(${columns.map(() => '?').join(', ')})`
    for (let start = 0; start < rows.length; start += most) {
      const chunk = rows.slice(start, start + most)
      const values = chunk.map(() => places).join(', ')
      const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values} ON CONFLICT DO NOTHING`
      await this.all(sql, chunk.flat())
    }
  }
}

class PostgresDriver extends PostgresSession implements SqlDriver {
  readonly dialect = 'postgres'
  private readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    super(pool)
    this.pool = pool
  }

  async transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const result = await work(new PostgresSession(client))
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  async size(): Promise<number> {
    const [row] = await this.all(
      "SELECT pg_total_relation_size('exchanges') + pg_total_relation_size('finding_index') AS bytes",
    )
    return Number(row?.['bytes'] ?? 0)
  }

  /** Autovacuum does it. */
  async reclaim(): Promise<void> {}

  async close(): Promise<void> {
    // A pool that is ended twice throws.
    if (!this.pool.ending) await this.pool.end()
  }
}
