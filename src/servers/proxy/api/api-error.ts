/** What an API answer says is wrong, for the asker to put right. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** LLMTrace's error body. */
export function apiErrorBody(message: string) {
  return { error: { message, type: 'api_error' } }
}
