// Keeps one comment with the tables on the pull request: the next run writes it over.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MARK = '<!-- llmtrace-bench -->'
/** GitHub takes 65,536 characters. */
const LONGEST = 60_000

const { BENCH_RESULT = '', GITHUB_EVENT_PATH = '', GITHUB_REPOSITORY, GITHUB_TOKEN } = process.env
const api = `${process.env.GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`

const event = existsSync(GITHUB_EVENT_PATH)
  ? JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8'))
  : {}
const number = event.pull_request?.number
if (number === undefined) {
  console.log('No pull request, no comment.')
} else if (!existsSync(BENCH_RESULT)) {
  console.log('No result, no comment.')
} else {
  const body = { body: `${MARK}\n${tables()}` }
  const comments = await allComments(`${api}/issues/${number}/comments`)
  const earlier = comments.find((comment) => comment.body?.startsWith(MARK))
  if (earlier === undefined) await call('POST', `${api}/issues/${number}/comments`, body)
  else await call('PATCH', `${api}/issues/comments/${earlier.id}`, body)
  console.log(earlier === undefined ? 'Comment written.' : 'Comment written over.')
}

function tables() {
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
  const text = execFileSync(
    process.execPath,
    [main, 'report', BENCH_RESULT, '--format', 'github'],
    {
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    },
  )
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n\n</details>\n\n(cut off)\n`
}

async function allComments(url) {
  const found = []
  for (let page = 1; page <= 10; page += 1) {
    const comments = await call('GET', `${url}?per_page=100&page=${page}`)
    found.push(...comments)
    if (comments.length < 100) break
  }
  return found
}

async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${GITHUB_TOKEN}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) {
    throw new Error(
      `${method} ${new URL(url).pathname} answered ${response.status}; the job needs the permission pull-requests: write`,
    )
  }
  return response.json()
}
