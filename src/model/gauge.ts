/** What a gauge counts in; exporters put it into their own names and units. */
export type GaugeUnit = 'seconds' | 'ratio' | 'per second' | 'none'

export interface GaugePoint {
  /** Every label of the gauge, empty where it does not apply. */
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Numbers of a run as monitoring systems have them. A number that was not measured is no point. */
export interface Gauge {
  /** Words joined by `_`, without product and unit. */
  readonly name: string
  readonly unit: GaugeUnit
  readonly help: string
  readonly labels: readonly string[]
  readonly points: readonly GaugePoint[]
}
