export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, unknown>>

/** One connection's work: statements take `?` for each parameter, in both dialects. */
export interface SqlSession {
  all(sql: string, parameters?: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /** Inserts rows of the same columns; one whose key is there already is passed over. */
  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void>
}

/** What differs between the databases. */
export interface SqlDriver extends SqlSession {
  readonly dialect: 'sqlite' | 'postgres'
  /** Runs `work` alone on a connection; all of it counts, or none where it rejects. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>
  /** What the database occupies, in bytes. */
  size(): Promise<number>
  /** Gives the space of deleted rows back, as far as that is done by hand. */
  reclaim(): Promise<void>
  close(): Promise<void>
}
