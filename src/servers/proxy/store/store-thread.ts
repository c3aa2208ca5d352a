import { parentPort, workerData } from 'node:worker_threads'
import { openStore } from './open-store.ts'
import { StoreKeeper } from './store-keeper.ts'
import type { FromStore, StoreRequest, StoreSetup, ToStore } from './store-messages.ts'
import { withoutSecrets } from './store-spec.ts'

// What the store's thread runs. Found by its name from threaded-store.ts.
const port = parentPort
if (port === null) throw new Error('the store is started by the proxy, not by hand')

const { spec, retention } = workerData as StoreSetup
const keeper = new StoreKeeper(() => openStore(spec), retention)

async function serve(request: StoreRequest) {
  switch (request.kind) {
    case 'open':
      return keeper.open()
    case 'append':
      return keeper.append(request.records)
    case 'answer':
      return keeper.answer(request.question)
    case 'close':
      return keeper.close()
  }
}

/** One after the other: an answer sees every batch that was sent before it was asked for. */
let last: Promise<void> = Promise.resolve()

async function reply({ id, request }: ToStore): Promise<void> {
  let message: FromStore
  let transfer: ArrayBuffer[] = []
  try {
    const answer = (await serve(request)) ?? undefined
    message = { id, answer }
    if (answer !== undefined) transfer = [answer.body.buffer as ArrayBuffer]
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    message = { id, failure: withoutSecrets(text, spec) }
  }
  port?.postMessage(message, transfer)
  if (request.kind === 'close') port?.close()
}

port.on('message', (message: ToStore) => {
  last = last.then(() => reply(message))
})
