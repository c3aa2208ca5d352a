import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

const WORDS =
  'the harbour office asked whether a lantern may burn all night while ferries wait for the tide and nobody reads the log'.split(
    ' ',
  )

/** Writes JSONL of 100 to 500 characters of text a row, a tenth of it not ASCII. The same for the same number. */
export async function writeRows(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path)
  for (let row = 0; row < rows; row += 1) {
    const length = 100 + ((row * 7919) % 400)
    const words: string[] = row % 10 === 0 ? ['Grüße', '港'] : []
    for (let size = 0, word = row; size < length; word += 1) {
      const next = WORDS[(word * 31) % WORDS.length] ?? ''
      words.push(next)
      size += next.length + 1
    }
    const line = JSON.stringify({
      id: `row-${row}`,
      text: words.join(' '),
      label: row % 3 === 0 ? 'malicious' : 'benign',
      category: `category_${row % 13}`,
      subcategory: `subcategory_${row % 50}`,
      source: 'bench',
      difficulty: (row % 3) + 1,
      metadata: { number: row },
    })
    if (!file.write(`${line}\n`)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
}
