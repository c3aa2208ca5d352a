import { ValueType } from '@opentelemetry/api'
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import type { Resource } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics'
import type { Gauge, GaugeUnit } from '../model/gauge.ts'
import { SCOPE, type TimeSpan, toHrTime } from './otlp-common.ts'

/** By the exporter, which may bring a copy of the SDK whose enums are others than ours to the compiler. */
type MetricsPayload = Parameters<OTLPMetricExporter['export']>[0]

type MetricsOfScope = MetricsPayload['scopeMetrics'][number]['metrics']

/** Unified Code for Units of Measure, as OpenTelemetry has it. */
const UNITS: Readonly<Record<GaugeUnit, string>> = {
  seconds: 's',
  ratio: '1',
  'per second': '1/s',
  none: '1',
}

/** Gauges of a run that lasted over `span`, as OpenTelemetry's exporters take them. */
export function toResourceMetrics(
  gauges: readonly Gauge[],
  resource: Resource,
  span: TimeSpan,
): MetricsPayload {
  const metrics: unknown = gauges
    .filter(({ points }) => points.length > 0)
    .map((gauge) => toMetricData(gauge, span))
  return { resource, scopeMetrics: [{ scope: SCOPE, metrics: metrics as MetricsOfScope }] }
}

function toMetricData({ name, unit, help, points }: Gauge, { fromMs, toMs }: TimeSpan): MetricData {
  return {
    descriptor: {
      name: `llmtrace_bench.${name}`,
      description: help,
      unit: UNITS[unit],
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: points.map(({ labels, value }) => ({
      startTime: toHrTime(fromMs),
      endTime: toHrTime(toMs),
      attributes: Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== '')),
      value,
    })),
  }
}
