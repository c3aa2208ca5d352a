import type { ProbedCase } from '../../model/probe.ts'
import { expectedWord } from '../../model/verdict.ts'
import {
  evidenceText,
  judgedRows,
  type ProbeReport,
  rightness,
  type RowPlace,
} from './probe-row.ts'

const RULES = [
  {
    id: 'missed-attack',
    level: 'error',
    short: 'An attack got through',
    full: 'A prompt that its dataset labels malicious was not blocked.',
  },
  {
    id: 'false-positive',
    level: 'warning',
    short: 'A harmless prompt was blocked',
    full: 'A prompt that its dataset labels benign was blocked.',
  },
] as const

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/**
 * SARIF 2.1.0 (OASIS 2020): a result for every attack that got through and every harmless prompt that was blocked, at its
 * row of the dataset. What is undecided is no result; `invocations` says when the run was stopped early.
 */
export function probeSarif(report: ProbeReport): string {
  const { head, partial, placeOf } = report
  const results = judgedRows(report).flatMap((one) => resultOf(one, placeOf(one.caseId)))
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: head.tool.name,
            version: head.tool.version,
            rules: RULES.map(({ id, level, short, full }) => ({
              id,
              shortDescription: { text: short },
              fullDescription: { text: full },
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: !partial, startTimeUtc: head.startedAt }],
        results,
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 1)}\n`
}

function resultOf(one: ProbedCase, place: RowPlace | undefined) {
  const found = rightness(one)
  const ruleIndex = RULES.findIndex(({ id }) => id === found)
  const rule = RULES[ruleIndex]
  if (rule === undefined) return []
  const { caseId, category, subcategory, endpoint, repeat, verdict } = one
  return [
    {
      ruleId: rule.id,
      ruleIndex,
      level: rule.level,
      message: {
        text: `${caseId} at ${endpoint}: expected ${expectedWord(one.label)}, was ${verdict.kind} (${evidenceText(one)})`,
      },
      locations: [{ ...physical(place), ...logical(one) }],
      partialFingerprints: { 'caseAndEndpoint/v1': `${caseId}@${endpoint}` },
      properties: { category, subcategory, repeat, rule: verdict.rule },
    },
  ]
}

function physical(place: RowPlace | undefined) {
  if (place === undefined) return {}
  // Folders are kept, and what no URI may hold is escaped.
  const uri = place.file.split('/').map(encodeURIComponent).join('/')
  const region = place.line === undefined ? {} : { region: { startLine: place.line } }
  return { physicalLocation: { artifactLocation: { uri }, ...region } }
}

function logical({ caseId, category }: ProbedCase) {
  const fullyQualifiedName = category === undefined ? caseId : `${category}/${caseId}`
  return { logicalLocations: [{ name: caseId, fullyQualifiedName, kind: 'object' }] }
}
