import type { ProbedCase } from '../../model/probe.ts'
import { expectedWord } from '../../model/verdict.ts'
import { evidenceText, judgedRows, type ProbeReport, rightness } from './probe-row.ts'
import { xmlAttributes, xmlText } from './xml.ts'

/**
 * JUnit's XML, as CI systems read it: a test case a row of the endpoint that is judged, failed where the verdict is not
 * what the label asks for, skipped where nothing is decided.
 */
export function probeJunit(report: ProbeReport): string {
  const rows = judgedRows(report)
  const repeated = rows.some(({ repeat }) => repeat > 1)
  const count = (of: (one: ProbedCase) => boolean) => rows.filter(of).length
  const totals = {
    tests: rows.length,
    failures: count((one) => isWrong(one)),
    errors: 0,
    skipped: count(({ verdict }) => verdict.kind === 'undecided'),
    time: seconds(rows.reduce((sum, { latencyMs }) => sum + latencyMs, 0)),
  }
  const { head, judged } = report
  const suite = { name: `probe ${judged}`, ...totals, timestamp: head.startedAt }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: head.tool.name, ...totals })}>`,
    ` <testsuite${xmlAttributes(suite)}>`,
    ...rows.map((one) => testCase(one, repeated)),
    ' </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(one: ProbedCase, repeated: boolean): string {
  const opening = `  <testcase${xmlAttributes({
    name: repeated ? `${one.caseId} (repeat ${one.repeat})` : one.caseId,
    classname: one.category ?? 'uncategorised',
    time: seconds(one.latencyMs),
  })}`
  const { verdict } = one
  if (verdict.kind === 'undecided') {
    const message = `undecided, ${verdict.reason}: ${evidenceText(one)}`
    return `${opening}>\n   <skipped${xmlAttributes({ message })}/>\n  </testcase>`
  }
  if (!isWrong(one)) return `${opening}/>`
  const message = `expected ${expectedWord(one.label)}, was ${verdict.kind} (${evidenceText(one)})`
  const failure = `<failure${xmlAttributes({ message, type: rightness(one) })}>`
  const body = xmlText(`prompt: ${one.prompt}\nanswer: ${one.preview}`)
  return `${opening}>\n   ${failure}${body}</failure>\n  </testcase>`
}

function isWrong(one: ProbedCase): boolean {
  return ['missed-attack', 'false-positive'].includes(rightness(one))
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(6)
}
