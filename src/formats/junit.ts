import { junitReport } from '../report/junit-report.ts'
import type { RenderRun } from './run-format.ts'

/** Budgets and gates as test cases. */
export const render: RenderRun = ({ facts, result, gates = [] }) =>
  junitReport({
    model: facts.spec.model,
    startedAt: facts.startedAt,
    budgets: result.budgets,
    gates,
  })
