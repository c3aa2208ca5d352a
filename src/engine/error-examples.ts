import type { Exchange } from '../model/exchange.ts'
import type { ErrorExample } from '../model/measurement.ts'

const MOST_EXAMPLES = 5
const LONGEST_MESSAGE = 300

interface ErrorExamples {
  add(exchange: Exchange): void
  list(): ErrorExample[]
}

/** Keeps the first few different failures, so that a person can see what went wrong without a log of thousands. */
export function createErrorExamples(redact: (text: string) => string): ErrorExamples {
  const byMessage = new Map<string, ErrorExample>()
  return {
    add(exchange) {
      if (byMessage.size >= MOST_EXAMPLES) return
      const text = exchange.error ?? exchange.errorBody ?? ''
      const message = redact(text).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE)
      const key = `${exchange.outcome} ${exchange.status ?? ''} ${message}`
      if (byMessage.has(key)) return
      byMessage.set(key, { outcome: exchange.outcome, status: exchange.status, message })
    },
    list: () => [...byMessage.values()],
  }
}
