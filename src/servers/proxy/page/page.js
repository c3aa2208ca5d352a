// The page at the proxy's root. Whatever comes from an exchange is hostile: it becomes text, never markup.

const KEY = 'llmtrace-bench-api-key'
const PAGE_SIZE = 50
const SHOWN_LENGTH = 160
const FILTERS = ['action', 'severity', 'finding_type', 'model', 'tenant_id', 'trace_id', 'since']

const VIEWS = {
  spans: { title: 'Exchanges', path: 'spans', columns: spanColumns() },
  findings: { title: 'Exchanges with findings', path: 'security/findings', columns: spanColumns() },
  traces: { title: 'Traces', path: 'traces', columns: traceColumns() },
}

/** An element of the page that is always there. */
function at(id) {
  return document.getElementById(id)
}

function element(name, { text = '', kind = '' } = {}, children = []) {
  const made = document.createElement(name)
  made.textContent = text
  if (kind !== '') made.className = kind
  made.append(...children)
  return made
}

function link(text, parameters) {
  const made = element('a', { text })
  made.href = `#${new URLSearchParams(parameters)}`
  return made
}

function spanColumns() {
  return [
    { title: 'Started', show: (span) => link(timeOf(span.start_time), { span: span.span_id }) },
    { title: 'Action', show: (span) => element('span', { text: span.action, kind: span.action }) },
    { title: 'Status', show: (span) => span.status_code ?? 'left', kind: 'number' },
    { title: 'Score', show: (span) => span.security_score ?? '', kind: 'number' },
    { title: 'Took', show: (span) => `${span.duration_ms.toFixed(1)} ms`, kind: 'number' },
    { title: 'Model', show: (span) => span.model_name ?? '' },
    { title: 'Findings', show: (span) => typesOf(span) },
    {
      title: 'Prompt',
      show: (span) => shortened(span.prompt ?? `${span.method} ${span.path}`),
      kind: 'text',
    },
  ]
}

function traceColumns() {
  return [
    {
      title: 'Trace id',
      show: (trace) => link(trace.trace_id, { view: 'spans', trace_id: trace.trace_id }),
    },
    { title: 'Started', show: (trace) => timeOf(trace.created_at) },
    { title: 'Exchanges', show: (trace) => trace.span_count, kind: 'number' },
    { title: 'Blocked', show: (trace) => countOf(trace, 'block'), kind: 'number' },
    { title: 'Flagged', show: (trace) => countOf(trace, 'flag'), kind: 'number' },
    { title: 'Tenant', show: (trace) => trace.tenant_id ?? '' },
  ]
}

function countOf(trace, action) {
  return trace.spans.filter((span) => span.action === action).length
}

function typesOf(span) {
  return [...new Set(span.security_findings.map((finding) => finding.finding_type))].join(', ')
}

function shortened(text) {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text
}

function timeOf(iso) {
  return iso.replace('T', ' ').replace('Z', '')
}

/** Asks the API; undefined where the key is asked for first. */
async function ask(path) {
  const key = sessionStorage.getItem(KEY)
  const headers = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await fetch(`api/v1/${path}`, { headers })
  if (response.status === 401) {
    askForKey(key !== null)
    return undefined
  }
  const body = await response.json()
  if (!response.ok) throw new Error(body.error.message)
  return body
}

function askForKey(wrong) {
  sessionStorage.removeItem(KEY)
  show('key-form')
  at('key').value = ''
  at('key').setAttribute('aria-invalid', String(wrong))
  at('key').focus()
}

function show(section) {
  for (const id of ['key-form', 'list', 'detail']) at(id).hidden = id !== section
}

function currentPlace() {
  return new URLSearchParams(location.hash.slice(1))
}

/** Whether the reader went on while an answer was under way. */
function isElsewhere(place) {
  return String(place) !== String(currentPlace())
}

async function render() {
  const place = currentPlace()
  const spanId = place.get('span')
  try {
    await (spanId === null ? renderList(place) : renderDetail(spanId))
  } catch (error) {
    show('list')
    at('rows').replaceChildren()
    at('state').textContent = `Not shown: ${error.message}`
  }
}

async function renderList(place) {
  const name = Object.hasOwn(VIEWS, place.get('view') ?? '') ? place.get('view') : 'spans'
  const view = VIEWS[name]
  const offset = Number(place.get('offset') ?? 0)
  const query = new URLSearchParams({ limit: PAGE_SIZE, offset })
  for (const filter of FILTERS) {
    const value = place.get(filter) ?? ''
    at(filter).value = value
    if (value !== '') query.set(filter, value)
  }
  at('list-title').textContent = view.title
  for (const one of document.querySelectorAll('[data-view]')) {
    if (one.dataset.view === name) one.setAttribute('aria-current', 'page')
    else one.removeAttribute('aria-current')
  }
  fillHead(view.columns)
  at('back').href = `#${place}`
  const found = await ask(`${view.path}?${query}`)
  if (found === undefined || isElsewhere(place)) return
  show('list')
  fillRows(view.columns, found.data)
  const last = offset + found.data.length
  at('state').textContent =
    found.data.length === 0 ? 'Nothing matches.' : `${offset + 1} to ${last} of ${found.total}`
  turn('newer', offset > 0, offset - PAGE_SIZE)
  turn('older', last < found.total, offset + PAGE_SIZE)
  const totals = await ask('stats')
  if (totals !== undefined) at('totals').textContent = totalsText(totals)
}

function totalsText({ total_spans: spans, total_traces: traces, records }) {
  const lost = records.dropped > 0 ? `, ${records.dropped} lost` : ''
  return `${spans} exchanges in ${traces} traces are kept${lost}`
}

function fillHead(columns) {
  const heads = columns.map(({ title, kind }) => {
    const head = element('th', { text: title, kind })
    head.scope = 'col'
    return head
  })
  at('columns').replaceChildren(...heads)
}

function fillRows(columns, items) {
  const rows = items.map((item) => {
    const cells = columns.map(({ show: shown, kind }) => element('td', { kind }, [shown(item)]))
    return element('tr', {}, cells)
  })
  at('rows').replaceChildren(...rows)
}

function turn(id, possible, offset) {
  at(id).disabled = !possible
  at(id).dataset.offset = Math.max(0, offset)
}

async function renderDetail(spanId) {
  const span = await ask(`spans/${encodeURIComponent(spanId)}`)
  if (span === undefined || currentPlace().get('span') !== spanId) return
  show('detail')
  at('detail-title').textContent = `Exchange ${span.span_id}`
  fillFacts(at('facts'), factsOf(span))
  const findings = span.security_findings.map((finding) => findingBlock(finding))
  at('evidence').replaceChildren(
    ...(findings.length === 0 ? [element('p', { text: 'None.' })] : findings),
  )
  at('prompt').textContent = span.prompt ?? '(not recorded)'
  at('response').textContent = span.response ?? '(none)'
  at('detail-title').focus()
}

function factsOf(span) {
  const action = element('span', { text: span.action, kind: span.action })
  return [
    ['Action', action],
    ['Blocked', span.blocked_stage === null ? undefined : `at the ${span.blocked_stage}`],
    ['Security score', span.security_score],
    ['Request', `${span.method} ${span.path}`],
    ['Status', span.status_code ?? 'the client left before'],
    ['Error', span.error_message],
    ['Started', timeOf(span.start_time)],
    ['Took', milliseconds(span.duration_ms)],
    ['of that detectors', milliseconds(span.analysis_ms)],
    ['of that upstream', milliseconds(span.upstream_ms)],
    ['Time to first token', milliseconds(span.time_to_first_token_ms)],
    ['Model', span.model_name],
    ['Tokens', span.total_tokens],
    ['Tenant', span.tenant_id],
    ['Agent', span.agent_id],
    ['Trace', link(span.trace_id, { view: 'spans', trace_id: span.trace_id })],
  ]
}

function fillFacts(list, facts) {
  const known = facts.filter(([, value]) => value !== undefined && value !== null)
  list.replaceChildren(
    ...known.flatMap(([name, value]) => [
      element('dt', { text: name }),
      element('dd', {}, [value]),
    ]),
  )
}

function milliseconds(value) {
  return value === null ? undefined : `${value.toFixed(2)} ms`
}

function findingBlock(finding) {
  const { rule = '', evidence = '' } = finding.metadata
  const facts = element('dl')
  fillFacts(facts, [
    ['Severity', element('span', { text: finding.severity, kind: finding.severity })],
    ['Confidence', finding.confidence_score.toFixed(2)],
    ['Where', finding.location],
    ['Rule', rule],
    ['Evidence', element('mark', { text: evidence })],
  ])
  const title = element('h4', { text: finding.finding_type })
  const text = element('p', { text: finding.description })
  return element('div', { kind: 'finding' }, [title, text, facts])
}

at('key-form').addEventListener('submit', (event) => {
  event.preventDefault()
  sessionStorage.setItem(KEY, at('key').value)
  void render()
})
at('filters').addEventListener('submit', (event) => {
  event.preventDefault()
  const place = new URLSearchParams({ view: currentPlace().get('view') ?? 'spans' })
  for (const filter of FILTERS) {
    const value = at(filter).value.trim()
    if (value !== '') place.set(filter, value)
  }
  // The same place once more is a wish to see what came meanwhile.
  if (location.hash === `#${place}`) void render()
  else location.hash = place
})
at('filters').addEventListener('reset', () => {
  location.hash = new URLSearchParams({ view: currentPlace().get('view') ?? 'spans' })
})
for (const id of ['newer', 'older']) {
  at(id).addEventListener('click', () => {
    const place = currentPlace()
    place.set('offset', at(id).dataset.offset)
    location.hash = place
  })
}
addEventListener('hashchange', () => void render())
void render()
