import { isRecord, type JsonRecord, listAt, parseJson, textAt } from '../../../wire/json.ts'
import type { Role } from '../rules/rule.ts'

/** A text of a request, and who it speaks for. */
export interface Segment {
  /** Such as `request.messages[2]`. */
  readonly location: string
  readonly role: Role
  readonly text: string
}

/** A chat completion's request, as far as it could be read. */
export interface ReadRequest {
  readonly model: string | undefined
  readonly stream: boolean
  readonly segments: readonly Segment[]
  /** Why it could not be read whole: what is not read is not analysed, which must not pass in silence. */
  readonly problem: string | undefined
}

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** More would be a way to hide in: the rest is a problem. */
const MOST_MESSAGES = 4096
const MOST_PARTS = 1024

/** Every text of the body of a chat completion, in whatever shape its content comes. Never throws. */
export function readSegments(body: string): ReadRequest {
  const value = parseJson(body)
  if (value === undefined) return unread('the body is not valid JSON')
  if (!isRecord(value)) return unread('the body is not a JSON object')
  const reader = new SegmentReader()
  const { messages } = value
  if (Array.isArray(messages) && messages.length > 0) reader.readMessages(messages)
  else reader.problem = 'messages is missing or empty'
  // JSON with a key twice is read differently by different readers.
  if (hasKeyTwice(body, 'messages')) reader.problem = 'messages occurs twice'
  for (const [index, tool] of listAt(value, 'tools').entries()) reader.readTool(tool, index)
  return {
    model: textAt(value, 'model') || undefined,
    stream: value['stream'] === true,
    segments: reader.segments,
    problem: reader.problem,
  }
}

function unread(problem: string): ReadRequest {
  return { model: undefined, stream: false, segments: [], problem }
}

class SegmentReader {
  readonly segments: Segment[] = []
  problem: string | undefined

  readMessages(messages: readonly unknown[]): void {
    if (messages.length > MOST_MESSAGES) this.problem = `more than ${MOST_MESSAGES} messages`
    for (const [index, message] of messages.slice(0, MOST_MESSAGES).entries()) {
      const location = `request.messages[${index}]`
      if (isRecord(message)) this.readMessage(message, location)
      else this.problem = `${location} is not an object`
    }
  }

  private readMessage(message: JsonRecord, location: string): void {
    const named = message['role']
    // A role that we do not know is not trusted.
    const role = (typeof named === 'string' ? ROLES[named] : undefined) ?? 'user'
    if (typeof named !== 'string') this.problem = `${location} has no role`
    this.readContent(message['content'], role, location)
    for (const call of listAt(message, 'tool_calls')) {
      this.add(textAt(call, 'function', 'arguments'), 'assistant', location)
    }
  }

  private readContent(content: unknown, role: Role, location: string): void {
    if (content === null || content === undefined) return
    if (typeof content === 'string') {
      this.add(content, role, location)
      return
    }
    if (!Array.isArray(content)) {
      this.problem = `${location}.content is neither a string nor a list of parts`
      return
    }
    if (content.length > MOST_PARTS) this.problem = `${location} has more than ${MOST_PARTS} parts`
    const texts = content.slice(0, MOST_PARTS).map((part: unknown) => this.readPart(part, location))
    // Joined, as models get them: an instruction may be spread over parts.
    this.add(texts.filter((text) => text !== '').join('\n'), role, location)
  }

  private readPart(part: unknown, location: string): string {
    if (typeof part === 'string') return part
    if (!isRecord(part)) {
      this.problem = `a part of ${location} is not an object`
      return ''
    }
    const { text, refusal, content } = part
    if (typeof text === 'string') return text
    if (isRecord(text) && typeof text['value'] === 'string') return text['value']
    if (typeof refusal === 'string') return refusal
    return typeof content === 'string' ? content : ''
  }

  /** What a tool is said to do is read by the model too, and may come from somebody else's server. */
  readTool(tool: unknown, index: number): void {
    if (index >= MOST_MESSAGES) return
    const description = textAt(tool, 'function', 'description')
    this.add(description, 'tool', `request.tools[${index}]`)
  }

  private add(text: string, role: Role, location: string): void {
    if (text !== '') this.segments.push({ location, role, text })
  }
}

/** Whether an object of the first level has a key twice. Looks closer only where the name occurs twice at all. */
function hasKeyTwice(body: string, key: string): boolean {
  const quoted = `"${key}"`
  const first = body.indexOf(quoted)
  if (first === -1 || !body.includes(quoted, first + 1)) return false
  let depth = 0
  let found = 0
  for (let index = 0; index < body.length; index += 1) {
    const character = body[index]
    if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === '"') {
      const end = endOfString(body, index)
      const named = depth === 1 && body.slice(index, end + 1) === quoted
      if (named && /^\s{0,100}:/.test(body.slice(end + 1, end + 110))) found += 1
      index = end
    }
  }
  return found > 1
}

function endOfString(body: string, start: number): number {
  for (let index = start + 1; index < body.length; index += 1) {
    if (body[index] === '\\') index += 1
    else if (body[index] === '"') return index
  }
  return body.length
}
