/** What is there already of a file, and of which version of it. */
export interface ResumeState {
  readonly bytes: number
  readonly version: string | undefined
}

export const fromStart: ResumeState = { bytes: 0, version: undefined }

/** A file of a source, open from `from` to its end. */
export interface SourceStream extends AsyncDisposable {
  /** Where what is held ends, or 0 where it is of no use. */
  readonly from: number
  /** Of the whole file, as the source claims; `undefined` if it does not say. */
  readonly bytes: number | undefined
  /** Another one when the file has changed. */
  readonly version: string | undefined
  /** Throws `BrokenConnection`. */
  readonly stream: AsyncIterable<Uint8Array>
}

/** A source that does not answer, or not to the end. Trying again may help. */
export class TransientSourceError extends Error {
  /** Milliseconds that the source wants to be left alone. */
  readonly restMs: number

  constructor(message: string, { restMs = 0, ...options }: ErrorOptions & { readonly restMs?: number } = {}) {
    super(message, options)
    this.name = 'BrokenConnection'
    this.restMs = restMs
  }
}
