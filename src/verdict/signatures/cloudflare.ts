import { codeOf, errorRule, type Family, messageOf } from './family.ts'

const CONFIGURED = /\b(?:Prompt|Response) blocked due to security configurations\b/

export const cloudflare: Family = {
  name: 'cloudflare',
  title: 'Cloudflare AI Gateway',
  kind: 'gateway',
  rules: [
    errorRule(
      'cloudflare/guardrails',
      ({ code, message }) =>
        code === '2017' || message.includes('Response blocked') ? 'response' : 'request',
      // The number alone could be anyone's.
      (error) =>
        messageOf(error, CONFIGURED) &&
        (codeOf(error, '2016', '2017') ?? messageOf(error, CONFIGURED)),
    ),
    errorRule(
      'cloudflare/dlp',
      ({ message }) => (message.startsWith('Response') ? 'response' : 'request'),
      (error) =>
        messageOf(error, /^(?:Request|Response) content blocked due to DLP policy violations/),
    ),
  ],
}
