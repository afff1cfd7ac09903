/** A place in the book: a file's path in the archive and an id in it. */
export interface LinkTarget {
  readonly file: string
  readonly id?: string
}

/**
 * Resolves a link in the file `base` to a path in the archive; `undefined` for external links. A path never leaves the
 * archive's root.
 */
export function resolveHref(base: string, href: string): LinkTarget | undefined {
  // Books made on Windows may have backslashes in paths.
  const trimmed = href.trim().replaceAll('\\', '/')
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) || trimmed.startsWith('//')) return undefined
  const hash = trimmed.indexOf('#')
  const [path = ''] = (hash < 0 ? trimmed : trimmed.slice(0, hash)).split('?', 1)
  const id = hash < 0 ? '' : percentDecoded(trimmed.slice(hash + 1))
  const file = path === '' ? base : joinPath(base, percentDecoded(path))
  return id === '' ? { file } : { file, id }
}

/** Longer addresses are no links that anybody follows. */
const longestAddress = 2000

/** The address of a link out of the book, as a browser writes it; `undefined` if it is none of the web or of mail. */
export function webAddress(href: string): { readonly href: string } | undefined {
  const address = URL.canParse(href.trim()) ? new URL(href.trim()) : undefined
  if (address === undefined || !/^(?:https?|mailto):$/.test(address.protocol)) return undefined
  return address.href.length > longestAddress ? undefined : { href: address.href }
}

function joinPath(base: string, path: string): string {
  const steps = path.startsWith('/') ? [] : base.split('/').slice(0, -1)
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(step)
  }
  return steps.join('/')
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
