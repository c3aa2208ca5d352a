import { PIECE_DETECTORS, WHOLE_DETECTORS } from './detectors/index.ts'
import type { Signal } from './detectors/detector.ts'
import type { Role } from './rules/rule.ts'
import type { RuleSet } from './rules/rule-set.ts'
import { isInPlace, type View, viewsOf } from './text/views.ts'

/** A signal, and how the text was decoded in which it was seen. */
export interface SeenSignal extends Signal {
  readonly chain: readonly string[]
}

/** Detectors get no more at once, so that one step is short. */
const PIECE_CHARACTERS = 8192
/** A phrase or an expression that lies over a seam is whole in one of the pieces. */
const OVERLAP = 512
/** Decoders get no more at once. */
const BLOCK_CHARACTERS = 65_536

/** Families for which being decoded first makes an attack of a hint. */
const ABOUT_DATA = new Set(['secret', 'personal-data'])

export interface TextToAnalyse {
  readonly text: string
  readonly role: Role
  readonly answer: boolean
}

/**
 * All signals of a text. A generator that stops after each short step, so that who runs it can let others have the
 * event loop.
 */
export function* analyseText(
  { text, role, answer }: TextToAnalyse,
  rules: RuleSet,
): Generator<undefined, SeenSignal[]> {
  const signals: SeenSignal[] = []
  for (const { start: blockStart, text: block } of pieces(text, BLOCK_CHARACTERS)) {
    const plain = new Set<string>()
    for (const view of viewsOf(block)) {
      const { trigrams } = view.looks
      yield
      const isNew = (rule: string) => !(isInPlace(view.chain) && plain.has(rule))
      for (const detector of WHOLE_DETECTORS) {
        if (answer) break
        const whole = { original: block, text: view.text, role, oddities: view.folded.oddities }
        for (const signal of detector.inspect(whole)) signals.push(seen(signal, view))
      }
      for (const { start, text: piece } of pieces(view.text, PIECE_CHARACTERS)) {
        const tokens = rules.tokenizer.tokenize(piece)
        for (const detector of PIECE_DETECTORS) {
          const found = detector.inspect(
            { text: piece, tokens, trigrams, role, chain: view.chain, answer },
            rules,
          )
          for (const signal of found) {
            if (view.chain.length === 0) plain.add(signal.rule)
            if (isNew(signal.rule)) signals.push(placed(seen(signal, view), blockStart + start))
          }
        }
        yield
      }
      if (view.chain.length > 0 && !isInPlace(view.chain) && !answer)
        signals.push({ ...encodedText(view), chain: view.chain })
    }
  }
  return signals
}

/** Within a text that was decoded, places say nothing: what is in it belongs together. */
function placed(signal: SeenSignal, start: number): SeenSignal {
  const { at, ...rest } = signal
  if (at === undefined || signal.chain.length > 0) return rest
  return { ...rest, at: start + at }
}

function seen(signal: Signal, { chain }: View): SeenSignal {
  if (chain.length === 0 || ABOUT_DATA.has(signal.family) || signal.dampens !== undefined) {
    return { ...signal, chain }
  }
  // Who encodes an instruction does not want it to be read.
  const confidence =
    signal.weak === true ? Math.max(signal.confidence, 0.7) : Math.max(signal.confidence, 0.85)
  const type = signal.family === 'invisible' ? signal.type : 'encoding_attack'
  return {
    ...signal,
    type,
    confidence,
    weak: signal.weak === true && signal.confidence < 0.3,
    chain,
  }
}

/** That something was encoded at all: nothing by itself. */
function encodedText({ chain, text }: View): Signal {
  return {
    type: 'encoding_attack',
    family: 'encoding',
    severity: 'Medium',
    confidence: 0.4,
    description: `text that is encoded as ${chain.join(', then ')}`,
    rule: `encoding/${chain.at(-1) ?? 'unknown'}`,
    evidence: text.slice(0, 120),
    weak: true,
  }
}

interface PieceOfText {
  readonly start: number
  readonly text: string
}

function* pieces(text: string, size: number): Generator<PieceOfText> {
  if (text.length <= size) {
    yield { start: 0, text }
    return
  }
  for (let start = 0; start < text.length; start += size - OVERLAP) {
    yield { start, text: text.slice(start, start + size) }
    if (start + size >= text.length) return
  }
}
