import { describe, expect, test } from 'vitest'
import type { FindingsNote, UpstreamLogNote } from '../../src/model/late-evidence.ts'
import { evidenceNotes } from '../../src/report/evidence-notes.ts'

const LOG: UpstreamLogNote = {
  url: 'http://127.0.0.1:8082/simulator/log',
  entries: 12,
  reached: 10,
  notReached: 3,
  unknown: 2,
  by: 'header',
  notes: [],
}

const FINDINGS: FindingsNote = {
  source: 'llmtrace',
  url: 'http://127.0.0.1:8081/',
  joined: 9,
  expected: 10,
  byTraceId: 8,
  byPrompt: 1,
  blockedFound: 1,
  blockedNotFound: 0,
  allowedFound: 3,
  allowedNotFound: 5,
  silentBlocks: ['inj-1', 'inj-2'],
  types: [
    { type: 'prompt_injection', traces: 3 },
    { type: '\u001B[2J' + 'x'.repeat(200), traces: 1 },
  ],
  settledMs: 412,
  notes: ['1 answered requests have no trace after the time limit'],
}

describe('what the witnesses said', () => {
  test('in tables and sentences', () => {
    expect(evidenceNotes({ upstreamLog: LOG, findings: FINDINGS })).toMatchInlineSnapshot(`
      "## Upstream log
      http://127.0.0.1:8082/simulator/log: 12 arrivals since the start, known by the header for case ids. 10 requests reached the model, 3 never did, of 2 it says nothing.

      ## Findings
      llmtrace at http://127.0.0.1:8081/: 9 of 10 answered requests have a trace (8 traces joined by id, 1 by prompt), settled after 412 ms.

      | joined | found | not found |
      |---|---:|---:|
      | blocked | 1 | 0 |
      | let through | 3 | 5 |

      Silent blocks, of which the API knows nothing: 2 (inj-1, inj-2).

      Found: prompt_injection 3, [2Jxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... 1.

      Note: 1 answered requests have no trace after the time limit.
      "
    `)
  })

  test('without control characters of theirs', () => {
    expect(evidenceNotes({ findings: FINDINGS })).not.toContain('\u001B')
  })

  test('names only so many', () => {
    const silentBlocks = Array.from({ length: 25 }, (_, index) => `inj-${index}`)
    const text = evidenceNotes({ findings: { ...FINDINGS, silentBlocks } })
    expect(text).toContain('25 (inj-0, ')
    expect(text).toContain('inj-19 and 5 more)')
  })

  test('is nothing where none was asked', () => {
    expect(evidenceNotes({})).toBe('')
  })
})
