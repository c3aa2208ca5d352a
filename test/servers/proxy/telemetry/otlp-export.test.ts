import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { OtlpExport } from '../../../../src/servers/proxy/telemetry/otlp-export.ts'
import { buildBlocked, buildRecord, records } from '../../../helpers/exchange-records.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../../../helpers/otlp-receiver.ts'

let receiver: OtlpReceiver
afterEach(async () => {
  await receiver.close()
})

function exportTo(url: string) {
  const lines: string[] = []
  return { lines, otlp: new OtlpExport({ url, warn: (line) => lines.push(line) }) }
}

describe('export to a receiver of OTLP', () => {
  test('a chat is a span with the ids of the exchange and the names of the GenAI conventions', async () => {
    receiver = await startOtlpReceiver()
    const { otlp, lines } = exportTo(receiver.url)
    const record = buildRecord({
      traceId: '0123456789abcdef0123456789abcdef',
      parentSpanId: 'fedcba9876543210',
      tenantId: 't',
      startedAt: 1_760_000_000_000,
      durationMs: 12.5,
    })
    otlp.record(record)
    await otlp.close()
    expect(receiver.paths).toEqual(['/v1/traces'])
    expect(receiver.spans).toEqual([
      expect.objectContaining({
        name: 'chat simulated',
        traceId: record.traceId,
        spanId: record.spanId,
        parentSpanId: 'fedcba9876543210',
        kind: 3,
        startTimeUnixNano: '1760000000000000000',
        endTimeUnixNano: '1760000000012500000',
        status: { code: 0 },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'simulated',
          'gen_ai.usage.input_tokens': 9,
          'gen_ai.usage.output_tokens': 2,
          'http.request.method': 'POST',
          'url.path': '/v1/chat/completions',
          'http.response.status_code': 200,
          'llmtrace.stream': false,
          'llmtrace.action': 'allow',
          'llmtrace.tenant_id': 't',
          'llmtrace.analysis_ms': 0.25,
          'llmtrace.upstream_ms': 11.5,
        },
      }),
    ])
    expect(otlp.counts()).toEqual({ recorded: 1, exported: 1, failed: 0 })
    expect(lines).toEqual([])
  })

  test('a block is an error, its findings are events, and no word of the prompt leaves', async () => {
    receiver = await startOtlpReceiver()
    const { otlp } = exportTo(`${receiver.url}/v1/traces/`)
    otlp.record(buildBlocked())
    otlp.record(buildRecord({ method: 'GET', path: '/v1/models', model: undefined }))
    await otlp.close()
    expect(receiver.paths).toEqual(['/v1/traces'])
    const [blocked, models] = receiver.spans
    expect(blocked).toMatchObject({
      status: { code: 2, message: 'security_enforcement_blocked' },
      attributes: { 'error.type': 'security_enforcement_blocked', 'llmtrace.security_score': 80 },
      events: [
        {
          name: 'llmtrace.finding',
          attributes: {
            'llmtrace.finding.type': 'prompt_injection',
            'llmtrace.finding.severity': 'High',
          },
        },
      ],
    })
    expect(blocked).not.toHaveProperty('parentSpanId')
    expect(JSON.stringify(receiver.spans)).not.toContain('ignore all previous')
    expect(models?.name).toBe('GET /v1/models')
    expect(models?.attributes).not.toHaveProperty('gen_ai.operation.name')
  })

  test('every exchange becomes one span, whatever is in it', async () => {
    receiver = await startOtlpReceiver()
    const { otlp } = exportTo(receiver.url)
    const given = fc.sample(records, 300)
    for (const record of given) otlp.record(record)
    await otlp.close()
    expect(receiver.spans.map(({ spanId }) => spanId)).toEqual(given.map(({ spanId }) => spanId))
    expect(otlp.counts()).toEqual({ recorded: 300, exported: 300, failed: 0 })
  })

  test('a receiver that refuses is counted, and said once', async () => {
    receiver = await startOtlpReceiver(400)
    const { otlp, lines } = exportTo(receiver.url)
    for (let index = 0; index < 250; index += 1) otlp.record(buildRecord())
    await otlp.close()
    expect(otlp.counts()).toEqual({ recorded: 250, exported: 0, failed: 250 })
    expect(lines).toEqual([expect.stringContaining('the OTLP receiver does not take them')])
  })
})
