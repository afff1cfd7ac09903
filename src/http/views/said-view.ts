import { type Said, saidIn } from '../../novel/saying.ts'

/** A sentence of the server by its code, under `name`; nothing if it is none of its own. */
export function viewSaid<Name extends string>(
  name: Name,
  sentence: string | null | undefined,
): { readonly [Key in Name]?: Said } {
  const said = saidIn(sentence)
  return (said ? { [name]: said } : {}) as { readonly [Key in Name]?: Said }
}
