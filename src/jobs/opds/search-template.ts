/** What is put into a template besides the words: the first page, of any language. */
const first: Readonly<Record<string, string>> = {
  startPage: '1',
  startIndex: '1',
  count: '50',
  language: '*',
  inputEncoding: 'UTF-8',
  outputEncoding: 'UTF-8',
}
const searched = new Set(['searchTerms', 'query', 'q', 'search'])

/**
 * The address of a search: a template of OpenSearch 1.1 (`{searchTerms}`, `{startPage?}`), or of RFC 6570 with a query
 * (`{?query,title}`, `{&query}`), of which the first name that means the words is filled in. `undefined`: it has none.
 */
export function searchAddress(template: string, words: string): string | undefined {
  let isFilled = false
  const text = template.replaceAll(/%7B/gi, '{').replaceAll(/%7D/gi, '}')
  const address = text.replaceAll(/\{([?&]?)([^{}]*)\}/g, (_, kind: string, names: string) => {
    if (kind === '') {
      const name = names.replace(/\?$/, '').replace(/^.*:/, '')
      if (!searched.has(name)) return names.endsWith('?') ? '' : (first[name] ?? '')
      isFilled = true
      return encodeURIComponent(words)
    }
    const name = names.split(',').find((each) => searched.has(each.replace(/\*$/, '')))
    if (name === undefined) return ''
    isFilled = true
    return `${kind}${name.replace(/\*$/, '')}=${encodeURIComponent(words)}`
  })
  return isFilled && URL.canParse(address) ? address : undefined
}
