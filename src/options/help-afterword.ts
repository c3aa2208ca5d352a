import { EXIT_CODES } from '../model/exit-code.ts'

const EXAMPLES = [
  'llmtrace-bench demo',
  'llmtrace-bench --url http://127.0.0.1:8081/v1/chat/completions --model m --requests 1000',
  'llmtrace-bench --direct-url http://127.0.0.1:8082/v1/chat/completions \\\n      --proxy-url http://127.0.0.1:8081/v1/chat/completions --model m \\\n      --concurrency-list 1,2,5,10,20 --requests 500 --output-json result.json',
]

/** What follows the flags in `--help`. */
export const HELP_AFTERWORD = `
Exit codes:
${Object.values(EXIT_CODES)
  .map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`)
  .join('\n')}

Examples:
${EXAMPLES.map((example) => `  ${example}`).join('\n')}
`
