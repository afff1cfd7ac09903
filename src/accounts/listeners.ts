/** The only listener as long as there are no accounts; its row comes with the schema. */
const defaultListener = 'home'

/** What a request shows of who sends it. */
export interface Asking {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Id of the listener who asks. Everything that belongs to a listener is stored under it. */
export function listenerOf(_request: Asking): string {
  return defaultListener
}
