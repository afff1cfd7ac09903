import { Failure, type FailureCode } from '../novel/failure.ts'

export interface Problem {
  readonly code: FailureCode
  /** One sentence that says what to do. */
  readonly message: string
}

/**
 * What is wrong and stays so until somebody does something about it, for the log and for `/api/health`. One of each
 * code at most. What can be seen at any time (the disk, the speakers) is not kept here.
 */
export class Problems {
  readonly #known = new Map<FailureCode, Problem>()

  get all(): readonly Problem[] {
    return [...this.#known.values()]
  }

  /** Why nothing is spoken for the time being, if anything of this is the reason. */
  get blocking(): Problem | undefined {
    return this.#known.get('storage.damaged') ?? this.#known.get('storage.salvaging')
  }

  /** Returns the sentence, for the log. */
  report(code: FailureCode, details: Failure['details'] = {}): string {
    const { message } = new Failure(code, details)
    this.#known.set(code, { code, message })
    return message
  }

  resolve(code: FailureCode): void {
    this.#known.delete(code)
  }
}
