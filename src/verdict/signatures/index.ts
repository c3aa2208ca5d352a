import { agentgateway } from './agentgateway.ts'
import { aisix } from './aisix.ts'
import { anthropic } from './anthropic.ts'
import { apisix } from './apisix.ts'
import { azure } from './azure.ts'
import { bedrock } from './bedrock.ts'
import { bifrost } from './bifrost.ts'
import { cloudflare } from './cloudflare.ts'
import { databricks } from './databricks.ts'
import type { Family } from './family.ts'
import { gemini } from './gemini.ts'
import { helicone } from './helicone.ts'
import { higress } from './higress.ts'
import { kong } from './kong.ts'
import { litellm } from './litellm.ts'
import { llmtrace } from './llmtrace.ts'
import { nemo } from './nemo.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import { portkey } from './portkey.ts'
import { semanticRouter } from './semantic-router.ts'
import { specification } from './specification.ts'
import { vllmReasoning } from './vllm-reasoning.ts'
import { wso2 } from './wso2.ts'

/** Every product that is known by its signature. */
export const FAMILIES: readonly Family[] = [
  llmtrace,
  litellm,
  portkey,
  bifrost,
  kong,
  apisix,
  higress,
  agentgateway,
  aisix,
  semanticRouter,
  nemo,
  cloudflare,
  helicone,
  databricks,
  wso2,
  openai,
  azure,
  bedrock,
  gemini,
  anthropic,
  openrouter,
  vllmReasoning,
  specification,
]
