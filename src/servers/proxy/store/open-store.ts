import type { StoreSpec } from './store-spec.ts'
import type { TraceStore } from './trace-store.ts'

/** Opens a store. Each database is loaded only where it is used. */
export async function openStore(spec: Exclude<StoreSpec, { kind: 'none' }>): Promise<TraceStore> {
  if (spec.kind === 'memory') {
    const { MemoryStore } = await import('./memory-store.ts')
    return new MemoryStore()
  }
  const { SqlStore } = await import('./sql-store.ts')
  if (spec.kind === 'file') {
    const { openLibsql } = await import('./libsql-driver.ts')
    return SqlStore.open(openLibsql(spec.path))
  }
  const { openPostgres } = await import('./postgres-driver.ts')
  return SqlStore.open(openPostgres(spec.url))
}
