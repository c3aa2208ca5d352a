const BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0

/** Copies the code units of a text to the beginning of an array that has room for them: it is read faster than a string. */
export function readCodeUnits(text: string, into: Uint16Array): void {
  const bytes = Buffer.from(into.buffer, 0, text.length * 2)
  bytes.write(text, 'utf16le')
  if (BIG_ENDIAN) bytes.swap16()
}
