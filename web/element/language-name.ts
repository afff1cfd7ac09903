const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** `Vietnamese` for `vi`, `British English` for `en-GB`; a tag that nobody knows stays as it is. */
export function languageName(tag: string): string {
  if (tag === '' || tag === 'und') return 'Language unknown'
  try {
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}

/** `en` of `en-GB`. */
export function primaryLanguage(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0] ?? ''
}
