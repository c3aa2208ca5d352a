/** Text of others on one line, its control characters as spaces: they could command the terminal it is printed to. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
