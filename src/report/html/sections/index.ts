import { capacitySection } from './capacity.ts'
import { casesSection } from './cases.ts'
import { detectionSection } from './detection.ts'
import { distributionSection } from './distribution.ts'
import { failuresSection } from './failures.ts'
import { loadSection } from './load.ts'
import { methodSection } from './method.ts'
import { overheadSection } from './overhead.ts'
import type { Section } from './section.ts'
import { streamsSection } from './streams.ts'
import { tablesSection } from './tables.ts'
import { timelineSection } from './timeline.ts'
import { warningsSection } from './warnings.ts'

/** The sections of a page in their order. A new one is a file beside these and a line here. */
export const SECTIONS: readonly Section[] = [
  overheadSection,
  streamsSection,
  capacitySection,
  detectionSection,
  warningsSection,
  distributionSection,
  timelineSection,
  loadSection,
  failuresSection,
  casesSection,
  methodSection,
  tablesSection,
]
