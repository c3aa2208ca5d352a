import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, MIGRATIONS } from '../../../../src/servers/proxy/store/migrations.ts'
import type { SqlDriver } from '../../../../src/servers/proxy/store/sql-driver.ts'
import { SqlStore } from '../../../../src/servers/proxy/store/sql-store.ts'
import { buildBlocked } from '../../../helpers/exchange-records.ts'

const ALL = { limit: 10, offset: 0 }

/** As version 1 wrote it, word for word: what later versions write is no example of it. */
const VERSION_1_ROWS = [
  `INSERT INTO exchanges (span_id, trace_id, bytes, started_at, duration_ms, method, path, model, stream, status, action, blocked_stage, score, findings, prompt)
   VALUES ('fffffffffffff0a1', '000000000000000000000000000000a1', 700, 1760000000000, 3.5, 'POST', '/v1/chat/completions', 'm', 0, 403, 'block', 'request', 95,
   '[{"type":"jailbreak","severity":"Critical","confidence":0.8,"description":"d","rule":"r","location":"l","evidence":"e"},{"type":"pii_detected","severity":"Low","confidence":1,"description":"d","rule":"r","location":"l","evidence":"e"}]',
   'user: x')`,
  `INSERT INTO exchanges (span_id, trace_id, bytes, started_at, duration_ms, method, path, stream, action, findings)
   VALUES ('fffffffffffff0a2', '000000000000000000000000000000a2', 400, 1760000001000, 1, 'GET', '/v1/models', 0, 'allow', '[]')`,
]

/** What every database's schema goes through. `open` gives a driver of an empty database. */
export function describeMigrations(title: string, open: () => Promise<SqlDriver>): void {
  describe(`the schema ${title}`, () => {
    let driver: SqlDriver
    beforeEach(async () => {
      driver = await open()
    })
    afterEach(async () => {
      await driver.close()
    })

    test('a database of version 1 keeps its records and gets an index of its findings', async () => {
      await migrate(driver, 1)
      for (const row of VERSION_1_ROWS) await driver.all(row)
      const store = await SqlStore.open(driver)
      const { items, total } = await store.exchanges({}, ALL)
      expect(total).toBe(2)
      expect(items[1]).toMatchObject({
        spanId: 'fffffffffffff0a1',
        status: 403,
        prompt: 'user: x',
        findings: [{ type: 'jailbreak' }, { type: 'pii_detected' }],
      })
      const totalOf = async (findingType: string, minSeverity: number) =>
        (await store.exchanges({ findingType, minSeverity }, ALL)).total
      expect(await totalOf('jailbreak', 4)).toBe(1)
      expect(await totalOf('pii_detected', 1)).toBe(1)
      expect(await totalOf('pii_detected', 2)).toBe(0)
      await store.append([buildBlocked()])
      expect(await totalOf('prompt_injection', 3)).toBe(1)
    })

    test('each step is applied once, also where two programs start at once', async () => {
      await migrate(driver)
      await Promise.all([migrate(driver), migrate(driver)])
      const rows = await driver.all('SELECT version FROM schema_migrations ORDER BY version')
      expect(rows.map(({ version }) => Number(version))).toEqual(
        MIGRATIONS.map(({ version }) => version),
      )
    })

    test('a database of a newer program is left alone', async () => {
      await migrate(driver)
      await driver.all("INSERT INTO schema_migrations (version, applied_at) VALUES (999, 'later')")
      await expect(SqlStore.open(driver)).rejects.toThrow(
        /schema is version 999, and this program knows up to \d+; use the newer program/,
      )
    })

    test('a step that fails leaves nothing half done', async () => {
      await migrate(driver, 1)
      await driver.all('CREATE TABLE finding_index (span_id TEXT)')
      await expect(migrate(driver)).rejects.toThrow('finding_index')
      await driver.all('DROP TABLE finding_index')
      await migrate(driver)
      expect(await driver.all('SELECT * FROM finding_index')).toEqual([])
    })
  })
}
