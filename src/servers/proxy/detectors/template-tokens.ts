import { excerpt, type PieceDetector, type Signal } from './detector.ts'

/** Tokens of chat templates, also with spaces in them: they end a turn where a template is filled in without escaping. */
export const TEMPLATE_PATTERNS = {
  // ChatML, Llama 3, Phi, Qwen, DeepSeek, Harmony.
  special:
    /<\s?\|\s?(?:im_(?:start|end|sep)|(?:begin|end)_of_text|start_header_id|end_header_id|eot_id|eom_id|system|user|as\s?sistant|end|start|message|channel|endoftext|endofprompt|fim_(?:prefix|middle|suffix))\s?\|\s?>/gi,
  // Llama 2, Mistral, Gemma.
  bracketed:
    /\[\/?INST\]|<<\/?SYS>>|<\/?(?:start|end)_of_turn>|\[\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS)\]/g,
  // Alpaca, Vicuna and their like.
  heading:
    /(?:^|\n)\s{0,8}#{2,4}\s?(?:system|instruction|human|assistant|response)s?\s?:?\s{0,8}\n/gi,
  // A turn in the words of a transcript, begun by somebody who is in none.
  turn: /(?:^|\n|[.!?]\s|["'}\]]\s{0,4})\s{0,8}(?:\*\*|\[)?(?:system|developer)(?:\*\*|\]| message)?\s?:\s?\S/gi,
} as const

const HINTS = ['<', '[', '##', 'ystem', 'YSTEM', 'eveloper', 'EVELOPER']

export const templateTokens: PieceDetector = {
  name: 'template-tokens',
  inspect({ text, answer }) {
    if (answer || !HINTS.some((hint) => text.includes(hint))) return []
    const special = [
      ...matches(text, TEMPLATE_PATTERNS.special),
      ...matches(text, TEMPLATE_PATTERNS.bracketed),
    ]
    const headings = matches(text, TEMPLATE_PATTERNS.heading)
    const turns = matches(text, TEMPLATE_PATTERNS.turn)
    const signals: Signal[] = []
    const [first] = special
    if (first !== undefined) {
      // A whole turn, with text in it, is worse than a token that is spoken of.
      const speaks = special.length >= 2 && /system|developer/i.test(text)
      signals.push({
        ...COMMON,
        severity: speaks ? 'High' : 'Medium',
        confidence: speaks ? 0.9 : 0.6,
        description:
          'special tokens of a chat template, which end the turn where they are not escaped',
        rule: 'template/special-tokens',
        evidence: first.shown,
        at: first.index,
      })
    }
    const [heading] = headings
    if (heading !== undefined) {
      signals.push({
        ...COMMON,
        severity: 'Medium',
        confidence: 0.4,
        description: 'a heading with which chat templates begin a turn',
        rule: 'template/heading',
        evidence: heading.shown,
        at: heading.index,
        weak: true,
      })
    }
    const [turn] = turns
    if (turn !== undefined) {
      const inTranscript = /(?:^|\n|[.!?]\s)\s{0,8}(?:user|assistant|bot)\s?:/i.test(text)
      signals.push({
        ...COMMON,
        severity: 'High',
        confidence: inTranscript ? 0.8 : 0.5,
        description: 'a turn of the system, written by somebody else',
        rule: 'template/system-turn',
        evidence: turn.shown,
        at: turn.index,
        weak: !inTranscript,
      })
    }
    return signals
  },
}

const COMMON = { type: 'role_injection', family: 'template' } as const

function matches(text: string, pattern: RegExp): { shown: string; index: number }[] {
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
    shown: excerpt(text, index, index + found.length),
    index,
  }))
}
