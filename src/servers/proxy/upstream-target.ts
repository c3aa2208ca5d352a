import { joinUpstreamPath } from '../../wire/forwarded-head.ts'

/**
 * The upstream's path for a request's target, or undefined where it is not under /v1/. The upstream host is chosen
 * by configuration alone: absolute-form targets, dot segments (also encoded) and backslashes lead nowhere else.
 */
export function upstreamPath(target: string, basePath: string): string | undefined {
  if (!target.startsWith('/v1/')) return undefined
  const resolved = URL.canParse(target, 'http://proxy')
    ? new URL(target, 'http://proxy')
    : undefined
  if (resolved?.host !== 'proxy' || !resolved.pathname.startsWith('/v1/')) return undefined
  // Encoded separators are no concern of a URL, but of servers that decode before they look.
  if (plainPath(target).split('/').includes('..')) return undefined
  return joinUpstreamPath(basePath, target)
}

/**
 * Whether a target asks for a chat completion, however it is spelled: servers take percent-encoding, doubled slashes and
 * a slash at the end for the same path, and what we do not know as a chat is not analysed.
 */
export function isChatPath(target: string): boolean {
  const segments = plainPath(target)
    .toLowerCase()
    .split('/')
    // `;` begins parameters of a segment.
    .map((segment) => segment.split(';')[0]?.trim() ?? '')
    .filter((segment) => segment !== '' && segment !== '.')
  return segments.at(-2) === 'chat' && segments.at(-1) === 'completions'
}

/** The path of a target, decoded twice, with slashes only. */
function plainPath(target: string): string {
  const [path = ''] = target.split(/[?#]/)
  return decoded(decoded(path)).replaceAll('\\', '/')
}

function decoded(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
