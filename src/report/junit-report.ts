import type { BudgetVerdict } from '../model/budget.ts'
import { type GateVerdict, nameGate } from '../model/gate.ts'
import { measured } from '../model/estimate.ts'
import { nameLevel } from '../model/level.ts'
import { formatFine, formatRange } from './format.ts'

/** What a JUnit report is made from. */
export interface Judged {
  readonly model: string | undefined
  /** ISO 8601, UTC. */
  readonly startedAt: string | undefined
  readonly budgets: readonly BudgetVerdict[]
  readonly gates: readonly GateVerdict[]
}

interface TestCase {
  readonly className: string
  readonly name: string
  readonly state: 'PASS' | 'FAIL' | 'INCONCLUSIVE'
  /** What was measured, or why it is open. */
  readonly message: string
}

/**
 * JUnit XML as CI systems read it: a test case for each budget at each endpoint and level, and for each gate. What the
 * samples do not decide is skipped, with what would decide it: it neither passed nor failed.
 */
export function junitReport({ model, startedAt, budgets, gates }: Judged): string {
  const cases = [...budgets.map((one) => budgetCase(one)), ...gates.map((one) => gateCase(one))]
  const count = (state: TestCase['state']) => cases.filter((one) => one.state === state).length
  const totals = {
    tests: String(cases.length),
    failures: String(count('FAIL')),
    errors: '0',
    skipped: String(count('INCONCLUSIVE')),
  }
  const suite = { name: `llmtrace-bench ${model ?? ''}`.trim(), ...totals, timestamp: startedAt }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(totals)}>`,
    `  <testsuite${attributes(suite)}>`,
    ...cases.map((one) => testCase(one)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function budgetCase(verdict: BudgetVerdict): TestCase {
  const { budget, endpoint, level, state, value, interval, unit, reason } = verdict
  const point = value === undefined ? 'not measured' : formatFine(measured(value), unit)
  const range =
    interval === undefined ? '' : `, 95 % interval ${formatRange(measured(interval), unit)}`
  return {
    className: endpoint,
    name: `${budget} at ${nameLevel(level)}`,
    state,
    message: `${point}${range}${reason === undefined ? '' : `; ${reason}`}`,
  }
}

function gateCase({ gate, state, actual, n, reason }: GateVerdict): TestCase {
  const message = actual === undefined ? (reason ?? 'no data') : `${actual.toFixed(4)}, n ${n}`
  return { className: 'gates', name: nameGate(gate), state, message }
}

const ELEMENTS = { PASS: 'system-out', FAIL: 'failure', INCONCLUSIVE: 'skipped' } as const

function testCase({ className, name, state, message }: TestCase): string {
  const open = `    <testcase${attributes({ classname: className, name, time: '0' })}>`
  const element = ELEMENTS[state]
  const inner =
    state === 'PASS'
      ? `<${element}>${escapeXml(message)}</${element}>`
      : `<${element}${attributes({ message })}/>`
  return `${open}${inner}</testcase>`
}

function attributes(given: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(given)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(value)}"`]))
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no way to write control characters and lone surrogates: a space and a replacement stand for them. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
