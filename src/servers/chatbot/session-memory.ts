import type { ChatMessage } from '../../wire/chat-request.ts'

/** What was said in each session, bounded in sessions and in messages of a session. */
export class SessionMemory {
  /** In order of last use: a Map keeps the order in which keys were put. */
  private readonly sessions = new Map<string, readonly ChatMessage[]>()
  private readonly maxSessions: number
  private readonly maxMessages: number

  constructor(maxSessions: number, maxMessages: number) {
    this.maxSessions = maxSessions
    this.maxMessages = maxMessages
  }

  get size(): number {
    return this.sessions.size
  }

  /** The session's messages, oldest first; none for a session that is not known. */
  recall(session: string): readonly ChatMessage[] {
    return this.sessions.get(session) ?? []
  }

  /** Adds what was said; what no longer fits is forgotten. */
  remember(session: string, said: readonly ChatMessage[]): void {
    const all = [...this.recall(session), ...said]
    this.sessions.delete(session)
    this.sessions.set(session, startWithUser(all.slice(-this.maxMessages)))
    for (const oldest of this.sessions.keys()) {
      if (this.sessions.size <= this.maxSessions) break
      this.sessions.delete(oldest)
    }
  }

  forget(session: string): boolean {
    return this.sessions.delete(session)
  }
}

/** A conversation cut in its middle may not begin with an answer: some models refuse that. */
function startWithUser(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const first = messages.findIndex(({ role }) => role === 'user')
  return first < 0 ? [] : messages.slice(first)
}
