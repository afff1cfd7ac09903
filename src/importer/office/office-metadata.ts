import { languageTag } from '../book-language.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import type { BookMetadata } from '../publication/book-metadata.ts'
import { descendants, parseXml, textOf } from '../xhtml/xml-tree.ts'

/** Elements of an office document that nest deeper are an attack. */
export const deepestOffice = 500

/** Names that programs write where nobody has given one. */
const nobody =
  /^(?:user|admin|administrator|author|owner|unknown|microsoft office user|python-docx|windows user|pc)$/i

/** Reads the Dublin Core metadata of an office document (`docProps/core.xml`, `meta.xml`). */
export function readOfficeMetadata(bytes: Uint8Array | undefined): BookMetadata {
  const root = bytes && parseXml(decodeXml(bytes).text)
  const text = (name: string): string => {
    const found = root && descendants(root, name).find((element) => textOf(element) !== '')
    return found === undefined ? '' : textOf(found)
  }
  const author = [text('initial-creator'), text('creator')].find((name) => name !== '' && !nobody.test(name))
  const description = text('description')
  return {
    title: text('title'),
    author: author ?? '',
    language: languageTag(text('language')),
    ...(description === '' ? {} : { description }),
  }
}
