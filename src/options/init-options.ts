import { flag } from './kinds.ts'
import { option, type OptionsOf } from './option-row.ts'

export const INIT_OPTIONS = {
  force: option('force', flag, false, {
    group: 'Writing',
    help: 'Write over a file that is there already.',
  }),
}

export type InitOptions = OptionsOf<typeof INIT_OPTIONS>
