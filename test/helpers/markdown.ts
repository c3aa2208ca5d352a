import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run-command.ts'

export interface Document {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface CodeBlock {
  readonly language: string
  /** Line of the opening fence, from 1. */
  readonly line: number
  readonly text: string
}

/** The Markdown of the repository that people read: what lies at the top, and docs/. */
export function readDocuments(): Document[] {
  const top = readdirSync(ROOT)
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  return [...top, ...docs.map((file) => `docs/${file.replaceAll('\\', '/')}`)]
    .filter((path) => path.endsWith('.md'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm

export function codeBlocks({ text }: Document): CodeBlock[] {
  return [...text.matchAll(FENCE)].map(({ 1: language = '', 2: content = '', index }) => ({
    language,
    line: text.slice(0, index).split('\n').length,
    text: content.trimEnd(),
  }))
}

/** Targets of links and images, without those in code. */
export function linksOf({ text }: Document): string[] {
  const prose = text.replaceAll(FENCE, '').replaceAll(/`[^`\n]*`/g, '`')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** The fragments that GitHub gives to the headings. */
export function anchorsOf({ text }: Document): string[] {
  const headings = text.replaceAll(FENCE, '').matchAll(/^#+ (.+)$/gm)
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
}

/** Every `--flag`, in prose and in code. */
export function flagsOf({ text }: Document): string[] {
  return [
    ...new Set(
      Array.from(text.matchAll(/(?<![\w-])--([a-z][a-z0-9-]*)/g), ([, flag = '']) => flag),
    ),
  ]
}
