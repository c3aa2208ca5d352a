export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

const TOKEN = /<\?xml [^?<]*\?>|<(\/?)([a-z][\w-]*)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy

/** Reads the XML that reports are made of, and no more: tags, attributes, text and the five entities. Throws for the rest. */
export function parseXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(xml)
    if (match === null) throw new Error(`not XML: ${JSON.stringify(xml.slice(at, at + 60))}`)
    const [, closing, name, attributes = '', empty, text] = match
    const parent = open.at(-1)
    if (parent === undefined) throw new Error('more closed than opened')
    if (text !== undefined) parent.text += decode(text)
    else if (closing === '/') {
      if (parent.name !== name) throw new Error(`</${name}> closes <${parent.name}>`)
      open.pop()
    } else if (name !== undefined) {
      const element = { name, attributes: readAttributes(attributes), children: [], text: '' }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  const [first] = root.children
  if (open.length !== 1 || first === undefined) throw new Error('not all is closed')
  return first
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decode(value),
    ]),
  )
}

function decode(text: string): string {
  return text.replaceAll(/&(\w*;?)/g, (_, entity: string) => {
    const character = ENTITIES[entity.slice(0, -1)]
    if (character === undefined || !entity.endsWith(';')) throw new Error(`bare & in ${text}`)
    return character
  })
}
