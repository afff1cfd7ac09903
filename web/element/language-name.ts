const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/**
 * `Vietnamese` for `vi`, `British English` for `en-GB`; a tag that nobody knows stays as it is. Dialects have no names:
 * `en-GB-x-rp` is `British English`, `en-029` is `English`.
 */
export function languageName(tag: string): string {
  if (tag === '' || tag === 'und') return 'Language unknown'
  try {
    const { language, script, region } = new Intl.Locale(tag)
    const country = region?.length === 2 ? region : undefined
    return names.of([language, script, country].filter(Boolean).join('-')) ?? tag
  } catch {
    return tag
  }
}

/** `en` of `en-GB`. */
export function primaryLanguage(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0] ?? ''
}
