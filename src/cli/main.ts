#!/usr/bin/env node
// First of all: the command line may hold a token, and process listings show it until the title is set.
process.title = 'llmtrace-bench'

const { runCli } = await import('./run-cli.ts')
const { processIo } = await import('./process-io.ts')

process.exitCode = await runCli(process.argv.slice(2), processIo())
