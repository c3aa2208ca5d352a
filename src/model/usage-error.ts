/** Wrong usage: the message names the flag, the value received and the way out. Printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
