import { evidence } from '../evidence.ts'
import { blocked, type Family, rule, stageByContent } from './family.ts'

export const specification: Family = {
  name: 'specification',
  title: 'Any proxy, by the field that the specification of this tool names',
  kind: 'gateway',
  rules: [
    rule('specification/blocked', 'explicit', (view) =>
      view.objects.some((object) => object['blocked'] === true)
        ? blocked(stageByContent(view), evidence('field', 'blocked', true))
        : undefined,
    ),
  ],
}
