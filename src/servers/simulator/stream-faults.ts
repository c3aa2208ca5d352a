import { integerBelow, type Random } from '../../stats/random.ts'
import { errorBody } from '../../wire/chat-response.ts'
import {
  EVENT_FAULTS,
  type EventFault,
  EventFaults,
  isEventFault,
} from '../../wire/event-faults.ts'
import type { Answer } from './answers.ts'
import { eventOf, type StreamStep } from './stream-steps.ts'

/**
 * What can go wrong with a streamed answer alone, beside what befalls single events: `error-midstream` (an error event
 * in the middle, then the end), `cut` (the connection ends in the middle), `stall` (a pause in the middle), `coalesce`
 * (all content at once, at the end), `after-done` (a chunk after `[DONE]`), `split-utf8` (characters of several bytes,
 * each cut over two writes).
 */
export const STREAM_FAULT_KINDS = [
  ...EVENT_FAULTS,
  'error-midstream',
  'cut',
  'stall',
  'coalesce',
  'after-done',
  'split-utf8',
] as const
export type StreamFaultKind = (typeof STREAM_FAULT_KINDS)[number]

/** Those of whole answers that a stream can have within its body. */
export type FaultWithinStream = StreamFaultKind | 'half' | 'slow' | 'badjson'

export interface FaultyStream {
  readonly steps: Iterable<StreamStep>
  /** Whether the body ends as it should, or the connection is cut. */
  readonly ending: 'end' | 'cut'
}

interface Surroundings {
  /** Of this request: where in the stream a fault strikes. */
  readonly random: Random
  /** Steps with tokens that there will be. */
  readonly bursts: number
  /** Events with content. */
  readonly contentEvents: number
  /** How long `slow` and `stall` take. */
  readonly slowBodyMs: number
}

/** The stream with the fault in it. */
export function faultyStream(
  steps: Iterable<StreamStep>,
  fault: FaultWithinStream | undefined,
  { random, bursts, contentEvents, slowBodyMs }: Surroundings,
): FaultyStream {
  if (isEventFault(fault)) {
    const chosen = integerBelow(random, Math.max(1, contentEvents - 1))
    return { steps: withEventFault(steps, fault, chosen), ending: 'end' }
  }
  const middle = bursts >> 1
  switch (fault) {
    case undefined:
    case 'split-utf8':
      return { steps, ending: 'end' }
    case 'cut':
      return { steps: untilBurst(steps, Math.max(1, middle)), ending: 'cut' }
    case 'half':
      return { steps: firstHalf(steps), ending: 'cut' }
    case 'error-midstream':
      return { steps: withError(untilBurst(steps, Math.max(1, middle))), ending: 'end' }
    case 'stall':
      return { steps: onBurst(steps, middle, (step) => later(step, slowBodyMs)), ending: 'end' }
    case 'slow':
      return { steps: slowly(steps, slowBodyMs / (bursts + 1)), ending: 'end' }
    case 'badjson':
      return { steps: onBurst(steps, integerBelow(random, bursts), broken), ending: 'end' }
    case 'coalesce':
      return { steps: coalesced(steps), ending: 'end' }
    case 'after-done':
      return { steps: withLateChunk(steps), ending: 'end' }
  }
}

/** The words with a character of two, three or four bytes behind each, for `split-utf8` to cut. */
export function multibyte(answer: Answer): Answer {
  const characters = ['é', '—', '✓', '🙂', 'ß', '語']
  const add = (word: string, index: number) => word + characters[index % characters.length]
  return { ...answer, content: answer.content.map((word, index) => add(word, index)) }
}

function* untilBurst(steps: Iterable<StreamStep>, bursts: number): Generator<StreamStep> {
  let seen = 0
  for (const step of steps) {
    if (step.tokens > 0) seen += 1
    if (seen > bursts || (step.tokens === 0 && seen === bursts)) return
    yield step
  }
}

function* onBurst(
  steps: Iterable<StreamStep>,
  burst: number,
  change: (step: StreamStep) => StreamStep,
): Generator<StreamStep> {
  let seen = 0
  for (const step of steps) {
    if (step.tokens > 0) seen += 1
    yield step.tokens > 0 && seen === burst + 1 ? change(step) : step
  }
}

function* slowly(steps: Iterable<StreamStep>, ms: number): Generator<StreamStep> {
  for (const step of steps) yield step.tokens > 0 ? later(step, ms) : step
}

function later(step: StreamStep, ms: number): StreamStep {
  return { ...step, pauseMs: step.pauseMs + ms }
}

/** Its last event without the last two characters of its JSON. */
function broken(step: StreamStep): StreamStep {
  return { ...step, events: step.events.map((event) => `${event.slice(0, -4)}\n\n`) }
}

/** Half of all bytes: as good as always within an event. */
function* firstHalf(steps: Iterable<StreamStep>): Generator<StreamStep> {
  const all = [...steps]
  let left = all.flatMap(({ events }) => events).join('').length >> 1
  for (const step of all) {
    const text = step.events.join('')
    if (text.length >= left) {
      yield { ...step, events: [text.slice(0, left)], tokens: 0 }
      return
    }
    left -= text.length
    yield step
  }
}

function* withError(steps: Iterable<StreamStep>): Generator<StreamStep> {
  yield* steps
  const body = errorBody('simulated failure within the stream', 'server_error', '500')
  yield { pauseMs: 0, events: [eventOf(body)], tokens: 0 }
}

/** The role comes in time, as from a server that holds back what follows. */
function* coalesced(steps: Iterable<StreamStep>): Generator<StreamStep> {
  const held: StreamStep[] = []
  for (const step of steps) {
    if (step.tokens > 0) held.push(step)
    else {
      yield* together(held.splice(0))
      yield step
    }
  }
}

function* together(steps: readonly StreamStep[]): Generator<StreamStep> {
  if (steps.length === 0) return
  yield {
    pauseMs: steps.reduce((sum, { pauseMs }) => sum + pauseMs, 0),
    events: steps.flatMap(({ events }) => events),
    tokens: steps.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

/** The late chunk says what no client should take for a part of the answer. */
function* withLateChunk(steps: Iterable<StreamStep>): Generator<StreamStep> {
  let chunk = ''
  for (const step of steps) {
    if (step.tokens > 0) chunk = step.events[0] ?? ''
    yield step
  }
  yield { pauseMs: 0, events: [chunk], tokens: 0 }
}

function* withEventFault(
  steps: Iterable<StreamStep>,
  fault: EventFault,
  chosen: number,
): Generator<StreamStep> {
  const faults = new EventFaults([fault], chosen)
  for (const step of steps) {
    const events = step.events.flatMap((event) => faults.push(event))
    if (events.length > 0 || step.pauseMs > 0) yield { ...step, events }
  }
  const rest = faults.end()
  if (rest.length > 0) yield { pauseMs: 0, events: rest, tokens: 0 }
}
