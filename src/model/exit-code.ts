/** What the process ends with, and what that means. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'the run is complete' },
  gateFailed: {
    code: 1,
    meaning: 'a budget or gate was not kept, or datasets validate found a problem',
  },
  usage: { code: 2, meaning: 'wrong usage: the message says which flag' },
  runInvalid: {
    code: 3,
    meaning:
      'the run is invalid: no success at all, no place for its result, or a demo server died',
  },
  inconclusive: {
    code: 4,
    meaning: 'the samples do not decide: the gate is open, or the overhead changed meanwhile',
  },
  interrupted: {
    code: 130,
    meaning: 'interrupted; what was measured is printed and saved, marked partial',
  },
} as const
