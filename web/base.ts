/**
 * The path below which a proxy shows Nightjar: `/nightjar`, or nothing. The server writes it into the page; addresses that
 * it tells itself have it already.
 */
export const base: string =
  globalThis.document?.querySelector<HTMLMetaElement>('meta[name="nightjar-base"]')?.content ?? ''
