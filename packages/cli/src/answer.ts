// What a command says when it went well: as words, or with --json as one value.
export interface Answer {
  readonly json: unknown;
  readonly words: string;
  /** 0 unless said otherwise. */
  readonly exitCode?: number;
}
