import type { SlotSource } from './closed-loop.ts'

/** One of `count` that share out the work, such as one client worker of several. */
export interface Hand {
  /** From 0. */
  readonly index: number
  readonly count: number
}

/** All of it in one hand. */
export const ONLY_HAND: Hand = { index: 0, count: 1 }

/**
 * This hand's part of `total`, dealt out like cards: the parts add up to it and differ by at most one, and a larger
 * total never gives a hand less. Beyond `total` hands the others get nothing.
 */
export function dealt(total: number, { index, count }: Hand): number {
  return Math.floor(total / count) + (index < total % count ? 1 : 0)
}

/** Every `count`-th slot, from a source that all hands walk through alike. */
export function dealtSlots(source: SlotSource, { index, count }: Hand): SlotSource {
  if (count === 1) return source
  return () => {
    for (;;) {
      const slot = source()
      if (slot === undefined || slot.sequence % count === index) return slot
    }
  }
}
