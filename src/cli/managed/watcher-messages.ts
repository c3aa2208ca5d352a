export interface WatchedGroup {
  /** Process group: the pid of a child that was started detached. */
  readonly id: number
  readonly name: string
  /** The only endpoint that it serves, where that is known. */
  readonly endpoint?: string | undefined
  /** Kill it when the client is gone. */
  readonly endWithUs: boolean
}

export type ToWatcher =
  | { readonly kind: 'watch'; readonly group: WatchedGroup }
  | { readonly kind: 'read'; readonly id: number }

/** Usage since each process began; the peak since the last reading. */
export interface FromWatcher {
  readonly id: number
  readonly groups: readonly {
    readonly name: string
    readonly endpoint?: string | undefined
    readonly cpuMs: number
    readonly peakRssBytes: number
  }[]
}
