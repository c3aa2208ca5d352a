import type { CancelAfter } from '../model/stream.ts'
import { type Kind, readDuration } from './kinds.ts'

/** `500ms`, or `3 chunks`. */
export const cancelAfter: Kind<CancelAfter> = {
  placeholder: '<duration|Nchunks>',
  read: (given) => {
    const [, count] = /^([1-9]\d*)\s*chunks?$/.exec(given.trim()) ?? []
    if (count !== undefined) return { value: { chunks: Number(count) } }
    const ms = readDuration(given)
    return ms
      ? { value: { ms } }
      : { problem: 'is neither a time nor a number of chunks; write it as 500ms or 3chunks' }
  },
  print: (value) => ('ms' in value ? `${value.ms}ms` : `${value.chunks}chunks`),
}
