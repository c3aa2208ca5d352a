import { escapeText, Html } from './markup.ts'

/** As much of a DOM node as is read here: the drawing library works on a document that is no browser's. */
export interface DrawnNode {
  readonly nodeType: number
  /** Of an element, as it is written in markup. */
  readonly localName?: string
  readonly nodeValue: string | null
  readonly childNodes: ArrayLike<DrawnNode>
  readonly attributes?: ArrayLike<{ readonly name: string; readonly value: string }>
}

const TEXT = 3
const ELEMENT = 1

/** What a drawing may consist of. */
const ELEMENTS = new Set('svg g path line circle rect text tspan title'.split(' '))

/**
 * Attributes of a drawing. No `style`, which the page's policy would refuse; no `aria-*`, because a drawing is one image
 * with one description; nothing that could name another document.
 */
const ATTRIBUTES = new Set(
  `class cx cy d dominant-baseline dx dy fill fill-opacity font-size font-variant font-weight height id
  opacity paint-order points r stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
  stroke-width text-anchor transform viewBox width x x1 x2 y y1 y2`.split(/\s+/),
)

/**
 * A drawing as markup, written out here and not by the library, so that all text in it is escaped in one place and
 * nothing is in it but shapes.
 */
export function svgMarkup(node: DrawnNode): Html {
  return new Html(written(node))
}

function written(node: DrawnNode): string {
  if (node.nodeType === TEXT) return escapeText(node.nodeValue ?? '')
  const { localName: name = '' } = node
  if (node.nodeType !== ELEMENT || !ELEMENTS.has(name)) return ''
  const attributes = Array.from(node.attributes ?? [])
    .filter((one) => ATTRIBUTES.has(one.name) && !/url\(/i.test(one.value))
    .map((one) => ` ${one.name}="${escapeText(shortened(one.name, one.value))}"`)
    .join('')
  const inside = Array.from(node.childNodes, (child) => written(child)).join('')
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`
}

/** A tenth of a pixel is as fine as a screen shows: half the size of a page of curves. */
function shortened(name: string, value: string): string {
  if (name !== 'd' && name !== 'transform') return value
  return value.replaceAll(/\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))))
}
