import type { Order, Plan } from '../model/plan.ts'

const ORDER_TEXT: Readonly<Record<Order, string>> = {
  rounds: 'interleaved rounds, each endpoint in turn',
  paired: 'the same prompt to each endpoint back to back',
  concurrent: 'all endpoints at once, the concurrency shared out',
  sequential: 'each endpoint to its end before the next; drift counts as overhead',
}

/** How the endpoints take turns, in a line. */
export function roundsText({ order, seed }: Pick<Plan, 'order' | 'seed'>): string {
  return `Order: ${ORDER_TEXT[order]} (seed ${seed})`
}
