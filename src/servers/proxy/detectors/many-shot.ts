import type { WholeDetector } from './detector.ts'

/** A line, or a sentence, that begins as a turn of a transcript does. */
export const TURN =
  /(?:^|\n)[ \t]{0,8}(?:\d{1,3}[.)]?\s)?([\p{L}][\p{L} ]{0,16}\d{0,2})(?::|>|\s?\|)\s/gu

/** Lines of letters, forms and the like. */
const NO_SPEAKER =
  /^(?:from|to|cc|bcc|date|subject|re|fwd|sent|note|notes|ps|day|monday|tuesday|wednesday|thursday|friday|saturday|sunday|time|name|title|status|from|what i need)$/i

/** Speakers that a model takes for itself. */
const MODEL = /^(?:assistant|ai|bot|model|chatbot|agent|helper|gpt|answer|a|reply|response)$/i

const LEAST_TURNS = 6

/** Many invented turns, which set an example that the model then follows. */
export const manyShot: WholeDetector = {
  name: 'many-shot',
  inspect({ text, role }) {
    if (role === 'system') return []
    const speakers = new Map<string, number>()
    let last = ''
    let turns = 0
    let alternations = 0
    for (const [, name = ''] of text.matchAll(TURN)) {
      const speaker = name.trim().toLowerCase()
      if (NO_SPEAKER.test(speaker)) continue
      turns += 1
      if (speaker !== last) alternations += 1
      last = speaker
      speakers.set(speaker, (speakers.get(speaker) ?? 0) + 1)
    }
    if (turns < LEAST_TURNS || speakers.size < 2) return []
    const counts = [...speakers.values()].toSorted((one, other) => other - one)
    const two = ((counts[0] ?? 0) + (counts[1] ?? 0)) / turns
    // A dialogue: two speakers hold nearly all of it, in turns.
    const dialogue = two > 0.7 && alternations >= turns * 0.6 && (counts[1] ?? 0) >= 3
    if (!dialogue) return []
    const model = [...speakers.keys()].some((speaker) => MODEL.test(speaker))
    // An end that waits for the next turn: the model is to go on as it began.
    const open = /(?:^|\n)[ \t]{0,8}[\p{L}][\p{L} ]{0,16}\d{0,2}(?::|>)\s{0,8}$/u.test(
      text.slice(-60),
    )
    const strong = open && turns >= LEAST_TURNS
    return [
      {
        type: 'is_shot_attack',
        family: 'many-shot',
        severity: strong ? 'High' : 'Medium',
        confidence: Math.min(
          0.9,
          0.45 + (model ? 0.15 : 0) + (open ? 0.3 : 0) + Math.min(turns, 60) / 400,
        ),
        description: `${turns} turns of a transcript between two speakers${open ? ', the last left open' : ''}`,
        rule: 'many-shot/transcript',
        evidence: last,
        weak: !strong,
      },
    ]
  },
}
