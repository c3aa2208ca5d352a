import type { ChatbotOptions } from '../../options/server-options.ts'
import { startChatbot } from '../../servers/chatbot/start-chatbot.ts'
import type { Io } from '../io.ts'
import { serve } from '../serve.ts'

/** `llmtrace-bench chatbot` */
export async function chatbot(options: ChatbotOptions, io: Io): Promise<number> {
  const { host, port, system, tools, maxToolRounds, memoryMessages, maxSessions } = options
  const upstream = options.upstream ?? ''
  const upstreamTimeoutMs = options.upstreamTimeoutSeconds * 1000
  const app = { system, toolUse: tools, maxToolRounds, memoryMessages, maxSessions }
  return serve(() => startChatbot({ host, port, upstream, upstreamTimeoutMs, ...app }), options, io)
}
