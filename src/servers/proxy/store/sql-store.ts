import type { ExchangeRecord } from '../exchange-record.ts'
import {
  EXCHANGE_COLUMNS,
  exchangeRow,
  FINDING_COLUMNS,
  findingRows,
  readExchange,
} from './exchange-columns.ts'
import { whereOf } from './filter-sql.ts'
import { migrate } from './migrations.ts'
import type { SqlDriver, SqlRow, SqlValue } from './sql-driver.ts'
import { storableRecord } from './storable-record.ts'
import {
  type ExchangeFilter,
  type Page,
  type PageBounds,
  type Retention,
  type StoreTotals,
  type Trace,
  TRACE_SPANS,
  type TraceStore,
} from './trace-store.ts'

const NEWEST_FIRST = 'ORDER BY exchanges.started_at DESC, exchanges.id DESC'

/** Where the oldest have to go, so much goes that not every further batch has to prune. */
const PRUNE_TO_SHARE = 0.9

/** Records in a database. The caller closes the driver by `close`. */
export class SqlStore implements TraceStore {
  private readonly driver: SqlDriver

  private constructor(driver: SqlDriver) {
    this.driver = driver
  }

  /** Brings the schema up to date first; closes the driver where that fails. */
  static async open(driver: SqlDriver): Promise<SqlStore> {
    try {
      await migrate(driver)
    } catch (error) {
      await driver.close()
      throw error
    }
    return new SqlStore(driver)
  }

  async append(records: readonly ExchangeRecord[]): Promise<void> {
    const storable = records.map((record) => storableRecord(record))
    const exchanges = storable.map((record) => exchangeRow(record))
    const findings = storable.flatMap((record) => findingRows(record))
    await this.driver.transaction(async (session) => {
      await session.insert('exchanges', EXCHANGE_COLUMNS, exchanges)
      await session.insert('finding_index', FINDING_COLUMNS, findings)
    })
  }

  async exchanges(filter: ExchangeFilter, bounds: PageBounds): Promise<Page<ExchangeRecord>> {
    const where = whereOf(filter)
    const rows = await this.driver.all(
      `SELECT * FROM exchanges ${where.sql} ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
      [...where.parameters, bounds.limit, bounds.offset],
    )
    const counted = `SELECT COUNT(*) AS n FROM exchanges ${where.sql}`
    const total = await this.one(counted, where.parameters)
    return { items: rows.map((row) => readExchange(row)), total: Number(total['n']) }
  }

  async exchange(spanId: string, filter: ExchangeFilter): Promise<ExchangeRecord | undefined> {
    const { sql, parameters } = whereOf(filter)
    const condition = sql === '' ? 'WHERE span_id = ?' : `${sql} AND span_id = ?`
    const [row] = await this.driver.all(`SELECT * FROM exchanges ${condition}`, [
      ...parameters,
      spanId,
    ])
    return row === undefined ? undefined : readExchange(row)
  }

  async traces(filter: ExchangeFilter, bounds: PageBounds): Promise<Page<Trace>> {
    const { sql, parameters } = whereOf(filter)
    const rows = await this.driver.all(
      `SELECT trace_id, COUNT(*) AS n, MIN(started_at) AS first_at FROM exchanges ${sql}
       GROUP BY trace_id ORDER BY MAX(started_at) DESC, MAX(id) DESC LIMIT ? OFFSET ?`,
      [...parameters, bounds.limit, bounds.offset],
    )
    const counted = `SELECT COUNT(DISTINCT trace_id) AS n FROM exchanges ${sql}`
    const total = await this.one(counted, parameters)
    const items: Trace[] = []
    for (const row of rows) items.push(await this.readTrace(row, filter))
    return { items, total: Number(total['n']) }
  }

  async trace(traceId: string, filter: ExchangeFilter): Promise<Trace | undefined> {
    const { items } = await this.traces({ ...filter, traceId }, { limit: 1, offset: 0 })
    return items[0]
  }

  async totals(filter: ExchangeFilter): Promise<StoreTotals> {
    const { sql, parameters } = whereOf(filter)
    const row = await this.one(
      `SELECT COUNT(*) AS n, COUNT(DISTINCT trace_id) AS traces, MIN(started_at) AS oldest,
         MAX(started_at) AS newest FROM exchanges ${sql}`,
      parameters,
    )
    return {
      traces: Number(row['traces']),
      exchanges: Number(row['n']),
      bytes: await this.driver.size(),
      oldestAt: instant(row['oldest']),
      newestAt: instant(row['newest']),
    }
  }

  async prune({ before, bytes }: Retention): Promise<number> {
    const count = 'SELECT COUNT(*) AS n, SUM(bytes) AS bytes FROM exchanges'
    const had = await this.one(count, [])
    await this.driver.all('DELETE FROM exchanges WHERE started_at < ?', [before])
    const left = await this.one(count, [])
    if (Number(left['bytes'] ?? 0) > bytes) {
      await this.driver.all(
        `DELETE FROM exchanges WHERE id <= (
           SELECT MAX(id) FROM (
             SELECT id, SUM(bytes) OVER (ORDER BY id DESC) AS kept FROM exchanges
           ) AS sums WHERE kept > ?
         )`,
        [Math.floor(bytes * PRUNE_TO_SHARE)],
      )
    }
    const kept = await this.one(count, [])
    const gone = Number(had['n']) - Number(kept['n'])
    if (gone > 0) await this.driver.reclaim()
    return gone
  }

  async close(): Promise<void> {
    await this.driver.close()
  }

  private async readTrace(row: SqlRow, filter: ExchangeFilter): Promise<Trace> {
    const traceId = String(row['trace_id'])
    const where = whereOf({ ...filter, traceId })
    const spans = await this.driver.all(
      `SELECT * FROM exchanges ${where.sql} ${NEWEST_FIRST} LIMIT ?`,
      [...where.parameters, TRACE_SPANS],
    )
    return {
      traceId,
      startedAt: Number(row['first_at']),
      exchanges: spans.map((span) => readExchange(span)),
      exchangeCount: Number(row['n']),
    }
  }

  /** The row of a query that always has one. */
  private async one(sql: string, parameters: readonly SqlValue[]): Promise<SqlRow> {
    const [row] = await this.driver.all(sql, parameters)
    return row ?? {}
  }
}

function instant(value: unknown): number | undefined {
  return value === null ? undefined : Number(value)
}
