import { personalRanges } from './detectors/personal-data.ts'
import { secretRanges } from './detectors/secrets.ts'

/** A text without its secrets and without numbers and addresses of people: `[secret]` and `[personal]` stand there. */
export function redactText(text: string): string {
  const ranges = [
    ...secretRanges(text).map((range) => ({ ...range, shown: '[secret]' })),
    ...privateKeyBodies(text),
    ...personalRanges(text).map((range) => ({ ...range, shown: '[personal]' })),
  ].toSorted((one, other) => one.index - other.index)
  if (ranges.length === 0) return text
  let redacted = ''
  let position = 0
  for (const { index, length, shown } of ranges) {
    const end = index + length
    if (end <= position) continue
    // What two of them share is hidden by the first.
    redacted += index >= position ? text.slice(position, index) + shown : ''
    position = end
  }
  return redacted + text.slice(position)
}

/** The head of a key is what tells; its body is what has to go. */
function privateKeyBodies(text: string) {
  if (!text.includes('PRIVATE KEY')) return []
  const bodies = /(?<=PRIVATE KEY-----)[^-]{1,10000}/g
  return Array.from(text.matchAll(bodies), ({ 0: body, index }) => ({
    index,
    length: body.length,
    shown: ' [secret] ',
  }))
}
