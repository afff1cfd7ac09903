import { compileMessage, type CompiledMessage } from '@lingui/message-utils/compileMessage'

interface Entry {
  readonly message?: string
  readonly translation?: string
  readonly obsolete?: boolean
}

/**
 * What is wrong with a catalogue, a sentence each: a message of the page that it lacks, one without a translation, one
 * that the page no longer has, and a translation whose placeholders are not those of its message. Both by id.
 */
export function catalogueFaults(
  used: Readonly<Record<string, Entry>>,
  catalogue: Readonly<Record<string, Entry>>,
): string[] {
  const faults: string[] = []
  for (const [id, { message = id }] of Object.entries(used)) {
    const entry = catalogue[id]
    const translation = entry?.translation ?? ''
    if (!entry || entry.obsolete === true) faults.push(`“${message}” is missing`)
    else if (translation.trim() === '') faults.push(`“${message}” is not translated`)
    else if (placeholders(translation) !== placeholders(message))
      faults.push(`“${message}” has other placeholders than “${translation}”`)
  }
  for (const [id, { message = id }] of Object.entries(catalogue))
    if (!used[id]) faults.push(`“${message}” is not on the page any more`)
  return faults
}

/** The names of a message's values and its tags, sorted: a language may say them in another order, and one more often. */
function placeholders(message: string): string {
  const names = new Set<string>()
  collect(compileMessage(message), names)
  return [...names].toSorted().join(' ')
}

function collect(message: CompiledMessage, names: Set<string>): void {
  for (const token of typeof message === 'string' ? [message] : message) {
    if (typeof token === 'string') {
      for (const [tag] of token.matchAll(/<\/?\w+\/?>/g)) names.add(tag)
      continue
    }
    const [name, type, cases] = token
    if (name !== '#') names.add(type === undefined ? `{${name}}` : `{${name}, ${type}}`)
    if (typeof cases !== 'object' || cases === null) continue
    for (const each of Object.values(cases) as (CompiledMessage | number | undefined)[])
      // The offset of a plural is a number, or undefined.
      if (typeof each === 'string' || Array.isArray(each)) collect(each, names)
  }
}
