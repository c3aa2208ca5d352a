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
  return joinUpstreamPath(basePath, target)
}

/**
 * Whether a target asks for a chat completion, however it is spelled: servers take percent-encoding, doubled slashes and
 * a slash at the end for the same path, and what we do not know as a chat is not analysed.
 */
export function isChatPath(target: string): boolean {
  const [path = ''] = target.split(/[?#]/)
  const plain = decoded(decoded(path))
    .toLowerCase()
    .replaceAll(/[/\\]+/g, '/')
    .replaceAll('/./', '/')
  return /\/chat\/completions[/ ;]*$|\/chat\/completions;/.test(plain)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
