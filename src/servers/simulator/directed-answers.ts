import { type ChatMessage, lastUserText } from '../../wire/chat-request.ts'
import { promptHash } from '../../wire/prompt-hash.ts'
import type { Answer } from './answers.ts'

/** What the model has to say to one prompt, so that what scans answers has something to find. */
export interface DirectedAnswer {
  /** Of the dataset's row. */
  readonly id: string
  /** The whole conversation where the row has one; else its one user message. */
  readonly messages: readonly ChatMessage[]
  readonly text: string
  /** Whether the parts below come in pieces in a stream, or each in one event. */
  readonly split: boolean
  /** The parts of `text` that matter: UTF-16 positions, the end excluded. */
  readonly parts: readonly { readonly start: number; readonly end: number }[]
}

/**
 * Finds the directed answer of a conversation: by all its messages, else by what the user said last, whatever the spaces
 * in it. So nothing in the request has to name the answer, and no proxy can lose the name.
 */
export class DirectedAnswers {
  private readonly byPrompt = new Map<string, DirectedAnswer>()
  private readonly byLastText = new Map<string, DirectedAnswer>()

  /** Of several for the same text the first is taken. */
  constructor(answers: readonly DirectedAnswer[]) {
    for (const answer of answers.toReversed()) {
      this.byPrompt.set(promptHash(answer.messages), answer)
      this.byLastText.set(withoutSpaces(lastUserText(answer.messages)), answer)
    }
  }

  find(messages: readonly ChatMessage[]): DirectedAnswer | undefined {
    if (this.byPrompt.size === 0) return undefined
    return (
      this.byPrompt.get(promptHash(messages)) ??
      this.byLastText.get(withoutSpaces(lastUserText(messages)))
    )
  }
}

function withoutSpaces(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** Of a part that is to come in pieces, none is longer than this. */
const LONGEST_PIECE = 6

/**
 * The answer as tokens: its words with the space before them. A part that is not to be split is one token; one that is
 * has a cut inside it, wherever its words end.
 */
export function directedTokens({ text, split, parts }: DirectedAnswer): Answer {
  const cuts = new Set<number>([0, text.length])
  for (const { index } of text.matchAll(/\s+(?=\S)/g)) cuts.add(index)
  for (const { start, end } of parts) {
    const length = Math.max(1, Math.min(LONGEST_PIECE, Math.ceil((end - start) / 2)))
    if (split) for (let at = start + length; at < end; at += length) cuts.add(at)
    else for (const cut of cuts) if (cut > start && cut < end) cuts.delete(cut)
  }
  const places = [...cuts].toSorted((a, b) => a - b)
  const content = places.slice(1).map((end, index) => text.slice(places[index], end))
  return { reasoning: [], content, finishReason: 'stop' }
}
