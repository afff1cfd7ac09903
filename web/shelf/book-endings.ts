/** What the file picker offers. */
export const bookEndings =
  '.epub,.fb2,.fbz,.pdf,.mobi,.azw3,.azw,.prc,.docx,.odt,.rtf,.zip,.html,.htm,.xhtml,.md,.markdown,.txt,.text'

const endings = bookEndings.split(',')

/** Of what lies in a folder. */
export function isOfBook(name: string): boolean {
  const lower = name.toLowerCase()
  return !name.startsWith('.') && endings.some((ending) => lower.endsWith(ending))
}
