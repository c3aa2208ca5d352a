import { expect, test } from 'vitest'
import { packRequests, unpackRequests } from '../../../src/engine/client-workers/packed-requests.ts'
import type { PreparedRequest } from '../../../src/transport/transport.ts'

const HEADERS = [['authorization', 'Bearer s3cret']] as const
const REQUESTS: PreparedRequest[] = ['{"a":1}', '', '{"text":"ß"}'].map((text) => ({
  method: 'POST',
  headers: HEADERS,
  body: Buffer.from(text),
}))

test('requests survive the way to another thread', () => {
  const arrived = unpackRequests(structuredClone(packRequests(REQUESTS)))
  expect(arrived).toEqual(REQUESTS)
  expect(arrived.every(({ body }) => Buffer.isBuffer(body))).toBe(true)
})

test('nothing else of the memory that the bodies came from goes with them', () => {
  const bytes = REQUESTS.reduce((sum, { body }) => sum + body.length, 0)
  const packed = packRequests(REQUESTS)
  expect(packed.map(({ body }) => body.buffer.byteLength)).toEqual([bytes, bytes, bytes])
  expect(new Set(packed.map(({ body }) => body.buffer)).size).toBe(1)
})
