import { afterAll, beforeAll, describe } from 'vitest'
import { MemoryStore } from '../../../../src/servers/proxy/store/memory-store.ts'
import { openLibsql } from '../../../../src/servers/proxy/store/libsql-driver.ts'
import { openPostgres } from '../../../../src/servers/proxy/store/postgres-driver.ts'
import { SqlStore } from '../../../../src/servers/proxy/store/sql-store.ts'
import { hasPostgres, type PostgresServer, startPostgres } from '../../../helpers/postgres.ts'
import { scratchFolder } from '../../../helpers/scratch-folder.ts'
import { describeMigrations } from './migration-contract.ts'
import { describeStore } from './store-contract.ts'

const folder = scratchFolder()
let opened = 0

describeStore('in memory', async () => new MemoryStore())

const openFile = async () => {
  opened += 1
  return openLibsql(`${folder.path}/${opened}.db`)
}
describeStore('in a libsql file', async () => SqlStore.open(await openFile()))
describeMigrations('of a libsql file', openFile)

describe.runIf(hasPostgres())('with a server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(async () => {
    await server.remove()
  })

  const openDatabase = async () => {
    opened += 1
    return openPostgres(await server.url(`store_${opened}`))
  }
  describeStore('in PostgreSQL', async () => SqlStore.open(await openDatabase()))
  describeMigrations('of PostgreSQL', openDatabase)
})
