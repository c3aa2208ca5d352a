/** A duration, or an instant on a run's monotonic clock, in milliseconds. */
export type Milliseconds = number

/** A rate per second. */
export type PerSecond = number
