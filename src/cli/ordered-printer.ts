interface OrderedPrinter {
  /** The text of that place; printed as soon as all before it are. */
  add(place: number, text: string): void
  /** What a stop left waiting for places that never came. */
  flush(): void
}

/** Prints texts that come in any order by their places, as early as that allows. */
export function createOrderedPrinter(print: (text: string) => void): OrderedPrinter {
  const waiting = new Map<number, string>()
  let next = 0
  return {
    add(place, text) {
      waiting.set(place, text)
      for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
        print(ready)
        waiting.delete(next)
        next += 1
      }
    },
    flush() {
      for (const [, text] of [...waiting].toSorted(([one], [other]) => one - other)) print(text)
      waiting.clear()
    },
  }
}
