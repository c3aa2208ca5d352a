import fc from 'fast-check'
import { expect, test } from 'vitest'
import { render } from '../../src/formats/github.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import { capLines, MOST_SUMMARY_BYTES } from '../../src/report/job-summary.ts'
import { comparisonRecord, textOf } from '../helpers/saved-runs.ts'

test('begins with what was judged, and folds the rest away', async () => {
  const page = textOf(render, savedRunOf(comparisonRecord()))
  await expect(page).toMatchFileSnapshot('../fixtures/golden/github-summary.md')
})

test('a name is no markup', () => {
  const record = comparisonRecord()
  const model = '<img src=x>'
  const page = textOf(render, savedRunOf({ ...record, spec: { ...record.spec, model } }))
  expect(page).toContain('# Load test of &lt;img src=x>')
  expect(page.match(/<[a-z/]+/g)).toEqual(['<details', '<summary', '</summary', '</details'])
})

test('a page that is too long is cut between lines, and the fold is closed', () => {
  const record = comparisonRecord()
  const incidents = Array.from({ length: 20_000 }, (_, index) => ({
    code: 'storage' as const,
    message: `incident ${index} ${'é'.repeat(40)}`,
    advice: 'none',
  }))
  const page = textOf(render, savedRunOf({ ...record, incidents }))
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(MOST_SUMMARY_BYTES)
  expect(Buffer.byteLength(page)).toBeGreaterThan(MOST_SUMMARY_BYTES - 1000)
  expect(page).toMatch(/\n\(\d+ more lines left out\.\)\n\n<\/details>\n$/)
})

test('a cap holds for any text, in bytes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 40, max: 400 }),
      (text, most) => {
        const capped = capLines(text, most)
        expect(Buffer.byteLength(capped)).toBeLessThanOrEqual(most)
        if (Buffer.byteLength(text) <= most) return capped === text
        return capped.endsWith('left out.)\n')
      },
    ),
  )
})
