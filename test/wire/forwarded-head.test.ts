import { describe, expect, test } from 'vitest'
import {
  announcesBody,
  flatHeaders,
  forwardedHeaders,
  joinUpstreamPath,
  sendableReason,
} from '../../src/wire/forwarded-head.ts'

describe('the head that goes on', () => {
  test('has its headers in their order, without the host and what one hop alone means', () => {
    const raw = [
      'Host',
      'a',
      'X-A',
      '1',
      'Expect',
      '100-continue',
      'x-a',
      '2',
      'Connection',
      'close',
    ]
    expect(forwardedHeaders(raw)).toEqual(['X-A', '1', 'x-a', '2'])
    expect(forwardedHeaders(raw, new Set(['x-a']))).toEqual([])
  })

  test.each([
    [{}, false],
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '5' }, true],
    [{ 'transfer-encoding': 'chunked' }, true],
  ])('%j announces a body: %j', (headers, announced) => {
    expect(announcesBody(headers)).toBe(announced)
  })

  test.each([
    ['/', '/v1/x', '/v1/x'],
    ['/v1', '/v1/x', '/v1/x'],
    ['/base/v1/', '/v1/x', '/base/v1/x'],
    ['/base', '/health', '/base/health'],
    ['/v1', '/health', '/v1/health'],
  ])('at an upstream of %j, %j is %j', (base, target, path) => {
    expect(joinUpstreamPath(base, target)).toBe(path)
  })

  test('has no reason and no headers that node would refuse', () => {
    expect(sendableReason('Wörking\uFFFD\n')).toBe('Wörking')
    expect(sendableReason()).toBe('')
    expect(flatHeaders([Buffer.from('X-Ä', 'latin1'), 'b'])).toEqual(['X-Ä', 'b'])
    expect(flatHeaders(undefined)).toEqual([])
  })
})
