import { closeSync, openSync } from 'node:fs'
import Database from 'libsql'
import type { SqlDriver, SqlRow, SqlSession, SqlValue } from './sql-driver.ts'

/** How long one proxy waits for another that writes to the same file. */
const BUSY_TIMEOUT_MS = 3000

/**
 * Opens the database file, making it where it is missing. Every call holds its thread until it is done: 500 records
 * are some 6 ms. WAL with `synchronous=NORMAL` loses no transaction when the process dies, only when the machine does.
 */
export function openLibsql(path: string): SqlDriver {
  // Prompts are nobody else's business, and the files that SQLite adds take their mode from this one.
  closeSync(openSync(path, 'a', 0o600))
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    // Only a file without tables takes this; without it a pruned file would never shrink.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = NORMAL')
    database.exec('PRAGMA foreign_keys = ON')
  } catch (error) {
    database.close()
    throw error
  }
  return new LibsqlDriver(database)
}

class LibsqlDriver implements SqlDriver {
  readonly dialect = 'sqlite'
  private readonly database: Database.Database
  private readonly inserts = new Map<string, Database.Statement>()
  /** Of the last transaction: the connection is one, so the next has to wait for it. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(database: Database.Database) {
    this.database = database
  }

  async all(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    const statement = this.database.prepare(sql)
    if (!statement.reader) {
      statement.run(...parameters)
      return []
    }
    return statement.all(...parameters) as SqlRow[]
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    const statement = this.insertInto(table, columns)
    for (const row of rows) statement.run(...row)
  }

  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const run = async () => {
      this.database.exec('BEGIN IMMEDIATE')
      try {
        const result = await work(this)
        this.database.exec('COMMIT')
        return result
      } catch (error) {
        // A full disk may have ended it already.
        if (this.database.inTransaction) this.database.exec('ROLLBACK')
        throw error
      }
    }
    const result = this.last.then(run)
    this.last = result.catch(() => {})
    return result
  }

  async size(): Promise<number> {
    const pragma = (name: string) => {
      const [row] = this.database.prepare(`PRAGMA ${name}`).all() as Record<string, number>[]
      return row?.[name] ?? 0
    }
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  }

  async reclaim(): Promise<void> {
    this.database.exec('PRAGMA incremental_vacuum')
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  async close(): Promise<void> {
    await this.last
    this.database.close()
  }

  private insertInto(table: string, columns: readonly string[]): Database.Statement {
    const known = this.inserts.get(table)
    if (known !== undefined) return known
    const places = columns.map(() => '?').join(', ')
    const statement = this.database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT DO NOTHING`,
    )
    this.inserts.set(table, statement)
    return statement
  }
}
