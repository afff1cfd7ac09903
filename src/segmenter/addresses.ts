import { addChanges, type Change, type Passage } from './changes.ts'

const scheme = /:\/\/|\bwww\./i
const addresses = /(?:\b[a-z]+:\/\/|\bwww\.)[^\s<>"“”‘’»)\]]*[^\s<>"“”‘’»)\].,;:!?…]/gi

/** A web address is said by the name of its host: nobody listens to the rest. */
export function sayAddresses({ text }: Passage, changes: Change[]): void {
  if (scheme.test(text)) addChanges(changes, text, addresses, ([found]) => hostOf(found))
}

function hostOf(found: string): string | undefined {
  const host = found.replace(/^[a-z]+:\/\//i, '').replaceAll(/^www\.|[/?#:].*$/gi, '')
  return host === '' ? undefined : host
}
