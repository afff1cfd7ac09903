import { distinguishing } from '../book-identifiers.ts'
import { languageTag } from '../book-language.ts'
import type { BookMetadata } from '../publication/book-metadata.ts'
import { childElements, descendants, textOf, type XmlElement } from '../xhtml/xml-tree.ts'

/** Reads the `description` of a FictionBook: its metadata, and the id of the binary that is its cover. */
export function readFb2Metadata(description: XmlElement | undefined): {
  readonly metadata: BookMetadata
  readonly cover: string | undefined
} {
  const info = description && descendants(description, 'title-info')[0]
  const publish = description && descendants(description, 'publish-info')[0]
  const first = (name: string): XmlElement | undefined => info && childElements(info, name)[0]
  const text = (name: string): string => {
    const element = first(name)
    return element === undefined ? '' : textOf(element)
  }
  const annotation = first('annotation')
  const about =
    annotation === undefined
      ? ''
      : childElements(annotation)
          .map(textOf)
          .filter((line) => line !== '')
          .join('\n')
  const date = first('date')
  const published = date?.attributes['value'] ?? (text('date') || textIn(publish, 'year'))
  const sequence = first('sequence') ?? (publish && childElements(publish, 'sequence')[0])
  const seriesName = sequence?.attributes['name']?.trim() ?? ''
  const position = sequence?.attributes['number']?.trim()
  const image = first('coverpage') && descendants(first('coverpage')!, 'image')[0]
  const cover = image?.attributes['href']?.replace(/^#/, '')
  const document = description && descendants(description, 'document-info')[0]
  const identifiers = distinguishing([
    textIn(document, 'id'),
    textIn(document, 'src-url'),
    textIn(publish, 'isbn'),
  ])
  return {
    metadata: {
      title: text('book-title'),
      author: (info ? childElements(info, 'author') : [])
        .map(nameOf)
        .filter((name) => name !== '')
        .join(', '),
      language: languageTag(text('lang')),
      ...(about === '' ? {} : { description: about }),
      ...(published === '' ? {} : { published }),
      ...(seriesName === '' ? {} : { series: { name: seriesName, ...(position ? { position } : {}) } }),
      ...(identifiers.length === 0 ? {} : { identifiers }),
    },
    cover: cover === '' ? undefined : cover,
  }
}

function nameOf(author: XmlElement): string {
  const names = ['first-name', 'middle-name', 'last-name'].map((name) => textIn(author, name))
  const whole = names.filter((name) => name !== '').join(' ')
  return whole === '' ? textIn(author, 'nickname') : whole
}

function textIn(element: XmlElement | undefined, name: string): string {
  const found = element && childElements(element, name)[0]
  return found === undefined ? '' : textOf(found)
}
