import { type CodeBlock, codeBlocks, type Document } from './markdown.ts'

/** `$LLMTRACE_TOKEN` where blocks are run. */
export const TOKEN = 'tok-documented-0815'

/** Blocks that are not run here, word for word, with what runs them instead. */
export const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  // CI installs so; npm start is the demo.
  'npm ci\nnpm start': 'test/e2e/demo.test.ts',
  // CI runs just this.
  'npm ci\nnpm test': '.ci/run',
  // Its servers' ports are its own, which a page's may not be.
  [`llmtrace-bench \\
  --start 'model: llmtrace-bench simulate --port 18082 --ttft 5ms' \\
  --start 'proxy: llmtrace-bench proxy --port 18081 --upstream http://127.0.0.1:18082' \\
  --wait-on http://127.0.0.1:18082/health --wait-on http://127.0.0.1:18081/health \\
  --direct-url http://127.0.0.1:18082/v1/chat/completions \\
  --proxy-url  http://127.0.0.1:18081/v1/chat/completions \\
  --model simulated --requests 400 --concurrency-list 1,10`]: 'test/e2e/managed-servers.test.ts',
  // It would take dist/ away from under the tests.
  'npm run build\nnpm link': 'test/e2e/package.test.ts',
}

/** What a block may call. A program that is not here needs a rule, and perhaps a requirement. */
const PROGRAMS = new Set(['llmtrace-bench', 'curl', 'node', 'printf'])

/** Commands that go on until they are stopped, and the ports where the pages expect them. */
const DEFAULT_PORTS = { simulate: '8082', proxy: '8081', chatbot: '8080', tap: '8083' } as const
type Server = keyof typeof DEFAULT_PORTS
const SERVERS = Object.keys(DEFAULT_PORTS) as Server[]

type BlockKind =
  | { readonly kind: 'elsewhere'; readonly by: string }
  | { readonly kind: 'server'; readonly server: Server; readonly port: string }
  | { readonly kind: 'commands'; readonly programs: readonly string[] }

export interface DocumentedBlock extends CodeBlock {
  readonly title: string
  readonly how: BlockKind
}

/** The bash blocks of a page, and how they are run. Throws where no rule covers one. */
export function documentedBlocks(document: Document): DocumentedBlock[] {
  return codeBlocks(document)
    .filter(({ language }) => language === 'bash')
    .map((block) => ({ ...block, title: block.text.split('\n')[0] ?? '', how: kindOf(block) }))
}

/** How a bash block is run. Throws for a block that no rule covers. */
export function kindOf({ text, line }: CodeBlock): BlockKind {
  const by = RUN_ELSEWHERE[text]
  if (by !== undefined) return { kind: 'elsewhere', by }
  const commands = commandsOf(text)
  const programs = [...new Set(commands.map((command) => command.split(/\s+/)[0] ?? ''))]
  const unknown = programs.filter((program) => !PROGRAMS.has(program))
  if (commands.length === 0 || unknown.length > 0) {
    throw new Error(
      `line ${line}: no rule runs a block with ${unknown.join(', ') || 'no command'}; see test/helpers/documented-commands.ts`,
    )
  }
  const servers = commands.flatMap((command) => serverOf(command) ?? [])
  const [server] = servers
  if (server === undefined) return { kind: 'commands', programs }
  if (commands.length > 1) throw new Error(`line ${line}: a server needs a block of its own`)
  return { kind: 'server', ...server }
}

/** The simple commands of a block, without their line breaks. */
function commandsOf(text: string): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((row) => !row.trimStart().startsWith('#'))
    .flatMap((row) =>
      // What is quoted is no separator, and no word that is asked for here.
      row.replaceAll(/'[^']*'|"[^"]*"/g, '""').split(/&&|\|\||[|;]/),
    )
    .map((command) => command.trim())
    .filter((command) => command !== '')
}

function serverOf(command: string): { server: Server; port: string } | undefined {
  const [, name] = /^llmtrace-bench (\w+)\b/.exec(command) ?? []
  const server = SERVERS.find((known) => known === name)
  if (server === undefined) return undefined
  const [, port = DEFAULT_PORTS[server]] = /--port (\d+)/.exec(command) ?? []
  return { server, port }
}
