import type { EvidenceNotes, FindingsNote, UpstreamLogNote } from '../model/late-evidence.ts'
import { markdownTable } from './markdown-table.ts'
import { shorten } from './probe-table.ts'

const MOST_NAMED = 20
/** Names come from others: long ones are cut, and control characters taken out. */
const MOST_CHARACTERS = 60

/** What the sources that were asked after the run said. Ends in a line break; empty where none was. */
export function evidenceNotes({ upstreamLog, findings }: EvidenceNotes): string {
  return [
    upstreamLog === undefined ? '' : upstreamText(upstreamLog),
    findings === undefined ? '' : findingsText(findings),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

const WAY: Readonly<Record<UpstreamLogNote['by'], string>> = {
  header: 'known by the header for case ids',
  prompt: 'known by their prompts, since the header did not arrive',
  both: 'known by the header for case ids, and where it did not arrive by their prompts',
  nothing: 'none of them known',
}

function upstreamText(note: UpstreamLogNote): string {
  const { url, entries, reached, notReached, unknown, by, notes } = note
  const counts = `${reached} requests reached the model, ${notReached} never did, of ${unknown} it says nothing`
  return `## Upstream log\n${url}: ${entries} arrivals since the start, ${WAY[by]}. ${counts}.\n${noteLines(notes)}`
}

function findingsText(note: FindingsNote): string {
  const { source, url, joined, expected, byTraceId, byPrompt, silentBlocks, types, notes } = note
  const head = `${source} at ${url}: ${joined} of ${expected} answered requests have a trace (${byTraceId} traces joined by id, ${byPrompt} by prompt), settled after ${note.settledMs} ms.`
  const matrix = markdownTable(
    ['joined', 'found', 'not found'],
    [
      ['blocked', String(note.blockedFound), String(note.blockedNotFound)],
      ['let through', String(note.allowedFound), String(note.allowedNotFound)],
    ],
  )
  const silent =
    silentBlocks.length === 0
      ? ''
      : `\nSilent blocks, of which the API knows nothing: ${silentBlocks.length} (${named(silentBlocks)}).\n`
  const told = types
    .slice(0, MOST_NAMED)
    .map(({ type, traces }) => `${shorten(type, MOST_CHARACTERS)} ${traces}`)
    .join(', ')
  const found = told === '' ? '' : `\nFound: ${told}.\n`
  return `## Findings\n${head}\n\n${matrix}\n${silent}${found}${noteLines(notes)}`
}

function named(ids: readonly string[]): string {
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ''
  const shown = ids.slice(0, MOST_NAMED).map((id) => shorten(id, MOST_CHARACTERS))
  return `${shown.join(', ')}${more}`
}

function noteLines(notes: readonly string[]): string {
  return notes.map((note) => `\nNote: ${note}.\n`).join('')
}
