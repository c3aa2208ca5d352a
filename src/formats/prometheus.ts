import { Gauge as PrometheusGauge, Registry } from 'prom-client'
import type { GaugeUnit } from '../model/gauge.ts'
import { gaugesOf } from './gauges.ts'
import type { RenderRun } from './run-format.ts'

/** As Prometheus names base units. */
const SUFFIXES: Readonly<Record<GaugeUnit, string>> = {
  seconds: '_seconds',
  ratio: '_ratio',
  'per second': '_per_second',
  none: '',
}

/**
 * Text exposition format 0.0.4, all gauges. A number that was not measured has no line: 0 and NaN would both be read as
 * one.
 */
export const render: RenderRun = async (run) => {
  const registry = new Registry()
  for (const { name, unit, help, labels, points } of gaugesOf(run)) {
    const gauge = new PrometheusGauge({
      name: `llmtrace_bench_${name}${SUFFIXES[unit]}`,
      help,
      labelNames: [...labels],
      registers: [registry],
    })
    // Without labels a gauge is 0 from its making.
    if (labels.length === 0 && points.length === 0)
      registry.removeSingleMetric(`llmtrace_bench_${name}${SUFFIXES[unit]}`)
    for (const point of points) gauge.set({ ...point.labels }, point.value)
  }
  return await registry.metrics()
}
