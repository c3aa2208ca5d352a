import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import { type JsonRecord, isRecord, listAt } from '../../wire/json.ts'
import { blocked, codeOf, type Family, flagged, rule, typeOf } from './family.ts'

const BEFORE = 'before_request_hooks'
const AFTER = 'after_request_hooks'

function hooks({ objects }: ReplyView, which: typeof BEFORE | typeof AFTER): JsonRecord[] {
  return objects
    .flatMap((object) => listAt(object, 'hook_results', which))
    .filter((hook) => isRecord(hook))
}

function failedHooks(view: ReplyView) {
  return ([BEFORE, AFTER] as const).flatMap((which) =>
    hooks(view, which)
      .filter(({ verdict }) => verdict === false)
      .map((hook) => ({ which, hook })),
  )
}

function isPortkeys({ headers }: ReplyView): boolean {
  return [...headers.keys()].some((name) => name.startsWith('x-portkey-'))
}

/** A hook that denies says so where the gateway answers 200 for it. */
function denials(view: ReplyView) {
  const failed = failedHooks(view)
  const denied = failed.filter(
    ({ hook }) => hook['softDeny200'] === true || hook['soft_deny_200'] === true,
  )
  const seen = [
    ...view.errors.map((error) => typeOf(error, 'hooks_failed') ?? codeOf(error, 'hooks_failed')),
    view.status === 446 && failed.length > 0 ? evidence('status', 'status', 446) : undefined,
    ...denied.map(({ which }) => evidence('field', `hook_results.${which}[].verdict`, false)),
  ].filter((one) => one !== undefined)
  const after = failed.some(({ which }) => which === AFTER)
  return { seen, stage: after ? ('response' as const) : ('request' as const) }
}

export const portkey: Family = {
  name: 'portkey',
  title: 'Portkey',
  kind: 'gateway',
  rules: [
    rule('portkey/hooks-failed', 'explicit', (view) => {
      const { seen, stage } = denials(view)
      return blocked(stage, ...seen)
    }),
    rule('portkey/hooks-flagged', 'explicit', (view) =>
      denials(view).seen.length > 0
        ? undefined
        : flagged(
            ...failedHooks(view).map(({ which }) =>
              evidence('field', `hook_results.${which}[].verdict`, false),
            ),
            // A stream holds the hooks only where it need not be OpenAI's to the letter; its status is always told.
            view.status === 246 && isPortkeys(view) ? evidence('status', 'status', 246) : undefined,
          ),
    ),
  ],
  detects: (view) => {
    if (view.status === 246 && isPortkeys(view)) return true
    const all = [...hooks(view, BEFORE), ...hooks(view, AFTER)]
    return all.length === 0 ? undefined : all.some(({ verdict }) => verdict === false)
  },
}
