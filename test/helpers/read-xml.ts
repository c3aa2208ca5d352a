export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Of the element itself, without that of its children. */
  readonly text: string
}

interface Open {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly children: XmlElement[]
  text: string
}

/** A tag, or the text before the next one. */
const PIECE = /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const ATTRIBUTE = /([A-Za-z]+)="([^"<]*)"/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** Characters of XML 1.0 (production 2), written as they are. */
const CHARACTERS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u

/**
 * Reads the part of XML 1.0 that our writers use: elements, attributes, text, references. Throws on everything else, so
 * that what passes is well-formed.
 */
export function readXml(document: string): XmlElement {
  if (!CHARACTERS.test(document)) throw new Error('a character that XML forbids')
  const body = document.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '').trim()
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < body.length) {
    const at = PIECE.lastIndex
    const piece = PIECE.exec(body)
    if (piece === null) throw new Error(`no XML: ${JSON.stringify(body.slice(at, at + 60))}`)
    const [, closing, name = '', attributes = '', empty, text] = piece
    const top = open.at(-1) ?? root
    if (text !== undefined) top.text += readText(text)
    else if (closing === '/') {
      if (top.name !== name) throw new Error(`</${name}> ends <${top.name}>`)
      open.pop()
    } else {
      const element: Open = { name, attributes: readAttributes(attributes), children: [], text: '' }
      top.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  const [only, another] = root.children
  if (open.length > 1 || only === undefined || another !== undefined || root.text.trim() !== '') {
    throw new Error('not one element')
  }
  return only
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text.matchAll(ATTRIBUTE), ([, name = '', value = '']) => [name, readText(value)]),
  )
}

function readText(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|([a-z]+));|&/g, (whole, code?: string, name?: string) => {
    if (code !== undefined) {
      const character = String.fromCodePoint(Number(code))
      if (!CHARACTERS.test(character)) throw new Error(`${whole} is forbidden`)
      return character
    }
    const character = ENTITIES[name ?? '']
    if (character === undefined) throw new Error(`no entity: ${whole}`)
    return character
  })
}
