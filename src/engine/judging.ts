import { setImmediate } from 'node:timers/promises'
import type { Exchange } from '../model/exchange.ts'
import { type Ground, GroundTable } from '../model/ground.ts'

/** What of an exchange is judged. */
export type KeptReply = Pick<Exchange, 'outcome' | 'status' | 'rawHeaders' | 'body' | 'errorBody'>

/** Says what became of a prompt, from what came back. Given from outside: the engine knows no products. */
export type Judge = (reply: KeptReply, promptIndex: number) => Ground

/** What a judge is made from, as plain data, so that it can go to another thread. */
export interface JudgeSetup {
  readonly model: string
  /** Texts of the prompts, by `promptIndex`. */
  readonly prompts: readonly string[]
  /** As `--blocked-when` gives them. */
  readonly blockedWhen: readonly string[]
}

/** Verdicts of some samples of one endpoint at one level. */
export interface JudgedSamples {
  readonly sequences: Uint32Array
  /** For each of them a number into `table`, from 1. */
  readonly grounds: Uint16Array
  readonly table: readonly Ground[]
}

/** What is kept of replies until a block is done. Beyond it they are judged as they come, which costs the client time. */
const MOST_KEPT_CHARACTERS = 16_000_000

/** What a kept reply takes besides its texts. */
const REPLY_OVERHEAD = 300

/** Judgements between two looks at the sockets: a server may close a connection meanwhile. */
const BATCH = 100

const LEAST_ROOM = 1024

interface Kept {
  readonly sequence: number
  readonly promptIndex: number
  readonly reply: KeptReply
}

/** Keeps replies while a block is measured, and judges them when it is done: outside the timed path. */
export class PendingReplies {
  private readonly table = new GroundTable()
  private sequences = new Uint32Array(LEAST_ROOM)
  private grounds = new Uint16Array(LEAST_ROOM)
  private judged = 0
  private kept: Kept[] = []
  private characters = 0
  private readonly judge: Judge
  private readonly mostCharacters: number

  constructor(judge: Judge, mostCharacters = MOST_KEPT_CHARACTERS) {
    this.judge = judge
    this.mostCharacters = mostCharacters
  }

  add(sequence: number, promptIndex: number, exchange: Exchange): void {
    const { outcome, status, rawHeaders, body = exchange.errorBody } = exchange
    const characters = (body?.length ?? 0) + (rawHeaders?.length ?? 0) + REPLY_OVERHEAD
    if (this.characters + characters > this.mostCharacters) {
      // Nothing new is made for it: V8 has learned that what is made below lives long, and would make it where garbage
      // stays, and its texts with it: 100 MB in a run of a million requests.
      this.decide(sequence, promptIndex, exchange)
      return
    }
    this.characters += characters
    // Not the exchange itself, which holds its stamps as well.
    this.kept.push({ sequence, promptIndex, reply: { outcome, status, rawHeaders, body } })
  }

  /** Judges what was kept; resolves to all verdicts since the last call. */
  async take(): Promise<JudgedSamples> {
    for (const [index, { sequence, promptIndex, reply }] of this.kept.entries()) {
      if (index % BATCH === BATCH - 1) await setImmediate()
      this.decide(sequence, promptIndex, reply)
    }
    const sequences = this.sequences.slice(0, this.judged)
    const grounds = this.grounds.slice(0, this.judged)
    this.kept = []
    this.characters = 0
    this.judged = 0
    return { sequences, grounds, table: this.table.grounds() }
  }

  private decide(sequence: number, promptIndex: number, reply: KeptReply): void {
    if (this.judged === this.sequences.length) this.grow()
    this.sequences[this.judged] = sequence
    this.grounds[this.judged] = this.table.numberOf(this.judge(reply, promptIndex))
    this.judged += 1
  }

  private grow(): void {
    const { sequences, grounds } = this
    this.sequences = new Uint32Array(2 * sequences.length)
    this.grounds = new Uint16Array(2 * grounds.length)
    this.sequences.set(sequences)
    this.grounds.set(grounds)
  }
}
