import { SEVERITIES } from '../exchange-record.ts'
import type { SqlDriver, SqlSession } from './sql-driver.ts'

type Dialect = SqlDriver['dialect']

/** One step of the schema. Steps are only ever added: a database in the field may be at any of them. */
interface Migration {
  readonly version: number
  readonly statements: (dialect: Dialect) => readonly string[]
}

const SEVERITY_RANK = SEVERITIES.map((name, rank) => `WHEN '${name}' THEN ${rank}`).join(' ')

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    statements: (dialect) => [
      `CREATE TABLE exchanges (
        id ${dialect === 'sqlite' ? 'INTEGER PRIMARY KEY AUTOINCREMENT' : 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY'},
        span_id TEXT NOT NULL UNIQUE,
        trace_id TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        started_at DOUBLE PRECISION NOT NULL,
        duration_ms DOUBLE PRECISION NOT NULL,
        analysis_ms DOUBLE PRECISION,
        upstream_ms DOUBLE PRECISION,
        time_to_first_token_ms DOUBLE PRECISION,
        parent_span_id TEXT,
        tenant_id TEXT,
        agent_id TEXT,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        model TEXT,
        stream INTEGER NOT NULL,
        status BIGINT,
        action TEXT NOT NULL,
        blocked_stage TEXT,
        score DOUBLE PRECISION,
        prompt_tokens BIGINT,
        completion_tokens BIGINT,
        error TEXT,
        findings TEXT NOT NULL,
        prompt TEXT,
        response TEXT
      )`,
      // With the size in it, what is kept is added up without reading the rows.
      'CREATE INDEX exchanges_started ON exchanges (started_at, bytes)',
      'CREATE INDEX exchanges_trace ON exchanges (trace_id, started_at)',
    ],
  },
  {
    // Findings were only in the exchange's JSON, where no index reaches them.
    version: 2,
    statements: (dialect) => [
      `CREATE TABLE finding_index (
        span_id TEXT NOT NULL REFERENCES exchanges (span_id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        type TEXT NOT NULL,
        severity INTEGER NOT NULL,
        PRIMARY KEY (span_id, place)
      )`,
      dialect === 'sqlite'
        ? `INSERT INTO finding_index (span_id, place, type, severity)
           SELECT span_id, key, json_extract(value, '$.type'),
             CASE json_extract(value, '$.severity') ${SEVERITY_RANK} ELSE 0 END
           FROM exchanges, json_each(exchanges.findings)`
        : `INSERT INTO finding_index (span_id, place, type, severity)
           SELECT span_id, place - 1, finding ->> 'type',
             CASE finding ->> 'severity' ${SEVERITY_RANK} ELSE 0 END
           FROM exchanges,
             jsonb_array_elements(findings::jsonb) WITH ORDINALITY AS found (finding, place)`,
      'CREATE INDEX finding_index_type ON finding_index (type, severity, span_id)',
      'CREATE INDEX exchanges_score ON exchanges (score, started_at)',
    ],
  },
]

/** Any number: what two proxies that start on one database both take first. */
const MIGRATION_LOCK = 7_215_016

/**
 * Brings the schema to `target`. Each step is a transaction. Throws for a database that a newer version wrote: there
 * is no way back, and writing rows that it does not expect would break it.
 */
export async function migrate(driver: SqlDriver, target = latestVersion()): Promise<void> {
  await driver.transaction(async (session) => {
    await lock(driver, session)
    await session.all(
      'CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, applied_at TEXT NOT NULL)',
    )
  })
  for (;;) {
    const done = await driver.transaction((session) => applyNext(driver, session, target))
    if (done) return
  }
}

function latestVersion(): number {
  return MIGRATIONS.at(-1)?.version ?? 0
}

async function applyNext(driver: SqlDriver, session: SqlSession, target: number): Promise<boolean> {
  await lock(driver, session)
  const [row] = await session.all('SELECT MAX(version) AS version FROM schema_migrations')
  const current = Number(row?.['version'] ?? 0)
  if (current > latestVersion()) {
    throw new Error(
      `the store's schema is version ${current}, and this program knows up to ${latestVersion()}; use the newer program, or another store`,
    )
  }
  const next = MIGRATIONS.find(({ version }) => version > current && version <= target)
  if (next === undefined) return true
  for (const statement of next.statements(driver.dialect)) await session.all(statement)
  await session.all('INSERT INTO schema_migrations (version, applied_at) VALUES (?, ?)', [
    next.version,
    new Date().toISOString(),
  ])
  return false
}

/** SQLite's transactions exclude each other already. */
async function lock(driver: SqlDriver, session: SqlSession): Promise<void> {
  if (driver.dialect === 'postgres') {
    await session.all('SELECT pg_advisory_xact_lock(?)', [MIGRATION_LOCK])
  }
}
