/** Our datasets as they are shipped, from `dist`: tsx compiles sources with helpers that the hot path would pay for. */
async function load<T>(module: string): Promise<T> {
  return (await import(new URL(`../../dist/datasets/${module}.js`, import.meta.url).href)) as T
}

export const { loadPrompts } =
  await load<typeof import('../../src/datasets/load-prompts.ts')>('load-prompts')
export const { EVERYTHING } = await load<typeof import('../../src/datasets/select.ts')>('select')
export const { findSuite } = await load<typeof import('../../src/datasets/suites.ts')>('suites')
export const { LineSplitter } = await load<typeof import('../../src/datasets/lines.ts')>('lines')
