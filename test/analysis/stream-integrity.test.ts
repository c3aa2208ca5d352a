import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { STREAM_FLAGS, type StreamFacts } from '../../src/model/stream.ts'
import type { StreamCheck } from '../../src/model/stream-result.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

const SPREAD = [30, 40, 50, 60]
const WHOLE = STREAM_FLAGS.events | STREAM_FLAGS.done | STREAM_FLAGS.usage | STREAM_FLAGS.roleFrame

/** Twenty answers to two prompts, each a stream of four chunks 10 ms apart, changed in what `given` says. */
function side(
  endpoint: string,
  given: (sequence: number) => Partial<StreamFacts> & { readonly chunksAt?: readonly number[] },
) {
  const rows = Array.from({ length: 20 }, (_, sequence): Row => {
    const { chunksAt = SPREAD, ...facts } = given(sequence)
    const hash = 100 + (sequence % 2)
    const stream = streamOf(chunksAt, { contentHash: hash, lettersHash: hash, ...facts })
    return { sequence, promptIndex: sequence % 2, latencyMs: 70, stream }
  })
  return buildMeasurement(rows, { endpoint })
}

const plain = () => ({})

function compare(
  direct: Parameters<typeof side>[1],
  proxy: Parameters<typeof side>[1],
  temperature = 0,
) {
  const record = buildRecord([side('direct', direct), side('proxy', proxy)])
  const { streams, warnings } = analyse({ ...record, spec: { temperature } })
  const of = (index: number) => {
    const one = streams?.integrity[index]
    if (one === undefined) throw new Error('no integrity')
    return one
  }
  const codes = warnings.map(({ code }) => code)
  return { direct: of(0), proxy: of(1), codes, warnings }
}

const STREAM_CODES = [
  ...['not-a-stream', 'stream-truncated', 'stream-error', 'done-lost', 'usage-lost', 'role-frame'],
  ...['broken-text', 'broken-events', 'buffered', 'coalesced', 'clumped', 'content-altered'],
]

test('clean streams have counts of 0 and no warnings', () => {
  const { direct, proxy, codes } = compare(plain, plain)
  for (const { checks } of [direct, proxy]) {
    const counted = Object.values(checks).flatMap(({ value }) => (value === undefined ? [] : value))
    expect(counted.every(({ count, of }) => count === 0 && of === 20)).toBe(true)
  }
  expect(codes.filter((code) => STREAM_CODES.includes(code))).toEqual([])
  expect(proxy).toMatchObject({ baseline: 'direct', chunksPerRead: { value: 1 } })
  expect(proxy.coalescing.value).toBe(1)
  expect(direct.baseline).toBeUndefined()
  expect(direct.checks.altered.reason).toBe('needs a baseline to compare with')
})

describe('what the proxy does to every fourth answer is counted and warned of', () => {
  const without = (flag: keyof typeof STREAM_FLAGS) => ({ flags: WHOLE & ~STREAM_FLAGS[flag] })
  const withFlag = (flag: keyof typeof STREAM_FLAGS) => ({ flags: WHOLE | STREAM_FLAGS[flag] })

  test.each<[StreamCheck, string, ReturnType<Parameters<typeof side>[1]>]>([
    ['no [DONE]', 'done-lost', without('done')],
    ['no usage', 'usage-lost', without('usage')],
    ['no role frame', 'role-frame', without('roleFrame')],
    ['error event', 'stream-error', withFlag('errorEvent')],
    ['broken text', 'broken-text', withFlag('brokenText')],
    ['not JSON', 'broken-events', withFlag('malformed')],
    ['truncated', 'stream-truncated', { ...without('done'), finishReason: 'none' }],
    ['one burst', 'buffered', { chunksAt: [60, 60, 60, 60] }],
    ['altered', 'content-altered', { contentHash: 7, lettersHash: 8 }],
    ['reordered', 'content-altered', { contentHash: 7 }],
    ['not a stream', 'not-a-stream', { chunksAt: [], flags: 0 }],
  ])('%s', (check, code, change) => {
    const { direct, proxy, codes } = compare(plain, (sequence) =>
      sequence % 4 === 0 ? change : {},
    )
    expect(proxy.checks[check].value).toEqual({ count: 5, of: 20 })
    expect(direct.checks[check].value?.count ?? 0).toBe(0)
    expect(codes).toContain(code)
  })

  test.each<[StreamCheck, keyof typeof STREAM_FLAGS]>([
    ['comments', 'comments'],
    ['CR line ends', 'carriageReturns'],
    ['no space', 'noSpace'],
    ['after [DONE]', 'afterDone'],
  ])('%s is counted only: it is allowed', (check, flag) => {
    const { proxy, codes } = compare(plain, () => withFlag(flag))
    expect(proxy.checks[check].value).toEqual({ count: 20, of: 20 })
    expect(codes.filter((code) => STREAM_CODES.includes(code))).toEqual([])
  })

  test('a role frame that the proxy adds is told apart from one that it drops', () => {
    const { warnings } = compare(() => without('roleFrame'), plain)
    const [found] = warnings.filter(({ code }) => code === 'role-frame')
    expect(found?.message).toContain('have an event that names the role')
  })

  test('the proxy is not blamed for what the baseline does too', () => {
    const both = () => without('usage')
    const { warnings } = compare(both, both)
    const blamed = warnings.filter(({ code }) => code === 'usage-lost')
    expect(blamed.map(({ message }) => message.split(' ')[0])).toEqual(['direct'])
  })
})

describe('buffering', () => {
  test('is not told where the baseline comes at once itself', () => {
    const burst = () => ({ chunksAt: [60, 60, 60, 60] })
    const { proxy, codes } = compare(burst, burst)
    expect(proxy.checks['one burst'].reason).toContain('no pair whose content takes 10 ms')
    expect(codes).not.toContain('buffered')
  })

  test('shows also where all content came in one chunk', () => {
    const { proxy } = compare(plain, () => ({ chunksAt: [60] }))
    expect(proxy.checks['one burst'].value).toEqual({ count: 20, of: 20 })
  })
})

test('coalescing is the ratio of chunks a read, and warned of', () => {
  const { proxy, codes } = compare(plain, () => ({ chunksAt: [40, 40, 60, 60] }))
  expect(proxy.coalescing.value).toBe(2)
  expect(codes).toContain('coalesced')
})

describe('contents', () => {
  const altered = () => ({ contentHash: 7, lettersHash: 7 })

  test('are not judged where the baseline is not of one mind', () => {
    const { proxy } = compare((sequence) => ({ contentHash: sequence }), altered)
    expect(proxy.checks.altered.reason).toContain('no prompt has 2 whole answers')
  })

  test('are not judged above temperature 0', () => {
    expect(compare(plain, altered, 0.7).proxy.checks.altered.reason).toContain('--temperature 0')
  })

  test('of answers that broke off are not judged', () => {
    const { proxy } = compare(plain, (sequence) =>
      sequence < 6 ? { ...altered(), flags: STREAM_FLAGS.events, finishReason: 'none' } : {},
    )
    expect(proxy.checks.altered.value).toEqual({ count: 0, of: 14 })
  })
})
