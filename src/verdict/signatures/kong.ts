import { evidence } from '../evidence.ts'
import { errorRule, type Family } from './family.ts'

export const kong: Family = {
  name: 'kong',
  title: 'Kong ai-prompt-guard',
  kind: 'gateway',
  rules: [
    // Kong hides on purpose that it guards. What is left to know it by is that nothing else is in the body.
    errorRule('kong/prompt-guard', 'request', ({ at, message, fields }, { status, objects }) => {
      const alone = Object.keys(fields).length === 1 && Object.keys(objects[0] ?? {}).length === 1
      return status === 400 && at === 'error' && alone && message === 'bad request'
        ? evidence('text', 'error.message', message)
        : undefined
    }),
  ],
}
