import { decimal, httpUrl, type Kind } from './kinds.ts'
import { option, repeated } from './option-row.ts'

const MANAGED = 'Managed servers'

export interface NamedCommand {
  readonly name: string
  readonly command: string
}

const namedCommand: Kind<NamedCommand> = {
  placeholder: '<name: command>',
  read: (given) => {
    const [, name, command] = /^([\w.-]+):\s+(.*\S)\s*$/s.exec(given) ?? []
    return name === undefined || command === undefined
      ? { problem: "is not a name and a command; write it as 'proxy: my-proxy --port 8081'" }
      : { value: { name, command } }
  },
  print: ({ name, command }) => `${name}: ${command}`,
}

/** Servers that the run starts itself, measures and ends. */
export const MANAGED_OPTIONS = {
  start: repeated('start', namedCommand, {
    group: MANAGED,
    hidden: true,
    // Nobody's programs are started because of a file that happens to lie there.
    inFile: 'named',
    help: 'Starts a server for the run through the shell, measures its CPU and memory, ends it; may be repeated.',
  }),
  waitOn: repeated('wait-on', httpUrl, {
    group: MANAGED,
    help: 'Waits until this URL answers before anything is sent; may be repeated.',
  }),
  waitSeconds: option('wait-seconds', decimal(0, true), 60, {
    group: MANAGED,
    help: 'Longest wait for each URL of --wait-on.',
  }),
}
