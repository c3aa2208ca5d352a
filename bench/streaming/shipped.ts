/** Our client as it is shipped, from `dist`: see bench/client/shipped.ts for why. */
export { createTransport, runClosedLoop, warmUpSelf } from '../client/shipped.ts'

type Recorder = typeof import('../../src/engine/stream-recorder.ts')

const module = new URL('../../dist/engine/stream-recorder.js', import.meta.url).href
export const { StreamRecorder } = (await import(module)) as Recorder
