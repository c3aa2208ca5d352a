/**
 * Our client as it is shipped, from `dist`. The sources would run too, but tsx compiles them with helpers that name
 * each function as it is created, and our hot path would pay for them.
 */
async function load<T>(module: string): Promise<T> {
  return (await import(new URL(`../../dist/${module}.js`, import.meta.url).href)) as T
}

type ClosedLoop = typeof import('../../src/engine/closed-loop-runner.ts')
type CreateTransport = typeof import('../../src/transport/create-transport.ts')
type Recorder = typeof import('../../src/engine/recorder.ts')
type RunPlan = typeof import('../../src/engine/run-plan.ts')
type SelfWarmUp = typeof import('../../src/engine/self-warm-up.ts')

export const { createTransport } = await load<CreateTransport>('transport/create-transport')
export const { createRecorder } = await load<Recorder>('engine/recorder')
export const { runPlan } = await load<RunPlan>('engine/run-plan')
export const { runClosedLoop } = await load<ClosedLoop>('engine/closed-loop-runner')
export const { warmUpSelf } = await load<SelfWarmUp>('engine/self-warm-up')
