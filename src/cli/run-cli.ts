import { EXIT_CODES } from '../model/exit-code.ts'
import { UsageError } from '../model/usage-error.ts'
import { type ParsedCommand, readCommand, readWords } from '../options/parse.ts'
import type { Io } from './io.ts'
import { readConfig } from './read-config.ts'
import { readVersion } from '../library/version.ts'

/** Runs one command line; resolves to the exit code. Rejects only on a bug. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await runCommand(await parse(argv, io), io)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    io.stderr(`llmtrace-bench: ${error.message}\n`)
    return EXIT_CODES.usage.code
  }
}

async function parse(argv: readonly string[], io: Io): Promise<ParsedCommand> {
  const given = readWords(argv)
  if ('command' in given) return given
  const path = given.raw['config']
  const config =
    given.name === ''
      ? await readConfig(typeof path === 'string' ? path : undefined, io.workingDirectory)
      : undefined
  return readCommand(given, io.env, config)
}

/** Commands are loaded when they are run: `--help` should not wait for an HTTP client. */
async function runCommand(parsed: ParsedCommand, io: Io): Promise<number> {
  switch (parsed.command) {
    case 'help':
      io.stdout(parsed.text)
      return EXIT_CODES.ok.code
    case 'version':
      io.stdout(`${await readVersion()}\n`)
      return EXIT_CODES.ok.code
    case 'run': {
      if (parsed.config !== undefined) io.stderr(describeConfig(parsed.config))
      const { run } = await import('./commands/run.ts')
      return run(parsed.options, io)
    }
    case 'completion': {
      const { renderCompletion } = await import('../options/completion.ts')
      io.stdout(renderCompletion(parsed.shell))
      return EXIT_CODES.ok.code
    }
    case 'init': {
      const { init } = await import('./commands/init.ts')
      return init(parsed.operand, parsed.options, io)
    }
    case 'demo': {
      const { demo } = await import('./commands/demo.ts')
      return demo(parsed.options, io)
    }
    case 'report': {
      const { report } = await import('./commands/report.ts')
      return report(parsed.operand, parsed.options, io)
    }
    case 'compare': {
      const { compare } = await import('./commands/compare.ts')
      return compare(parsed.task, parsed.options, io)
    }
    case 'simulate': {
      const { simulate } = await import('./commands/simulate.ts')
      return simulate(parsed.options, io)
    }
    case 'proxy': {
      const { proxy } = await import('./commands/proxy.ts')
      return proxy(parsed.options, io)
    }
    case 'chatbot': {
      const { chatbot } = await import('./commands/chatbot.ts')
      return chatbot(parsed.options, io)
    }
    case 'tap': {
      const { tap } = await import('./commands/tap.ts')
      return tap(parsed.options, io)
    }
    case 'datasets': {
      const { datasets } = await import('./commands/datasets.ts')
      return datasets(parsed.action, { ...parsed, io })
    }
  }
}

function describeConfig({ name, flags }: { name: string; flags: readonly string[] }): string {
  return `Options from ${name}: ${flags.length === 0 ? 'none' : flags.join(', ')}\n`
}
