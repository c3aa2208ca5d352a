import { httpUrl, integer } from './kinds.ts'
import { option, optional } from './option-row.ts'

const EXPORT = 'Export'

/** Where the numbers of a run go besides the terminal and files; the same after a run and for a saved one. */
export const EXPORT_OPTIONS = {
  otlp: optional('otlp', httpUrl, {
    group: EXPORT,
    help: 'Send the results as metrics and requests as spans to this OpenTelemetry collector (OTLP over HTTP), such as http://127.0.0.1:4318.',
  }),
  otlpSpans: option('otlp-spans', integer(0), 1000, {
    group: EXPORT,
    help: 'Most requests that --otlp sends as spans, the same sequences of each endpoint.',
  }),
  pushPrometheus: optional('push-prometheus', httpUrl, {
    group: EXPORT,
    help: 'PUT the results in Prometheus format to this Pushgateway, such as http://127.0.0.1:9091.',
  }),
}
