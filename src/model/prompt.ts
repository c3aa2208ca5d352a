/** The truth about a prompt, from its dataset. */
export type Label = 'benign' | 'malicious'

/** One user message to send, with what its dataset says of it. */
export interface Prompt {
  readonly id: string
  readonly text: string
  /** Absent for the single `--prompt` of a run without a dataset. */
  readonly label?: Label
  readonly category?: string
  readonly subcategory?: string
}
