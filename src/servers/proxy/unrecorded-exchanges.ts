import { setTimeout as pause } from 'node:timers/promises'

const LOOK_EVERY_MS = 5

/** Exchanges that are not recorded yet: an answer may be out, and its analysis still go on. */
export class UnrecordedExchanges {
  private open = 0

  begin(): void {
    this.open += 1
  }

  end(): void {
    this.open -= 1
  }

  /** Resolves when there is none left, and after `mostMs` in any case. */
  async settled(mostMs: number): Promise<void> {
    const giveUpAt = Date.now() + mostMs
    while (this.open > 0 && Date.now() < giveUpAt) await pause(LOOK_EVERY_MS)
  }
}
