import { Failure } from './failure.ts'

/** An address of a server as somebody has typed it; `example`: one for the messages. Throws `request.senseless`. */
export function parseTypedAddress(typed: string, example: string): URL {
  const text = typed.trim()
  const refuse = (why: string): Failure => new Failure('request.senseless', { detail: `the address ${why}` })
  if (text === '') throw refuse(`is empty; write one like ${example}`)
  if (text.length > 500) throw refuse('is longer than any real one')
  // The URL parser silently removes line breaks and tabs.
  if (/[\s\p{C}]/u.test(text)) throw refuse('holds blanks or control characters; write it without them')
  if (!/^https?:\/\//i.test(text)) {
    throw refuse(`"${text}" does not begin with http:// or https://; write the one that this server speaks`)
  }
  if (!URL.canParse(text)) throw refuse(`"${text}" is none; write one like ${example}`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    throw refuse('holds a name or password; leave it out and put that into its own field')
  }
  return url
}

/** Likewise of one to which paths are added. */
export function parseBaseAddress(typed: string, example: string): URL {
  const url = parseTypedAddress(typed, example)
  if (!/[?#]/.test(typed)) return url
  throw new Failure('request.senseless', {
    detail: 'the address has something after a ? or #; leave that out',
  })
}
