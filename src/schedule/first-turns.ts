/**
 * Which of `arms` each of `requests` pairs goes to first. Drawn for all ahead, so that a pair's turn belongs to its
 * position, whoever sends it and whenever.
 */
export function drawFirstTurns(requests: number, arms: number, random: () => number): Uint16Array {
  const turns = new Uint16Array(requests)
  for (let index = 0; index < requests; index += 1) turns[index] = Math.floor(random() * arms)
  return turns
}
