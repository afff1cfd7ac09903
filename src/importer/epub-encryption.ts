import { Failure } from '../novel/failure.ts'
import { decodeXml } from './decode.ts'
import { descendants, parseXml } from './xml-tree.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Obfuscated fonts are no copy protection, and nobody needs the fonts to listen. */
const fontObfuscations = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC'])

/** Throws `novel.encrypted` for a book under DRM: any encryption but the two font obfuscations, or a licence to decrypt by. */
export async function rejectEncrypted(archive: ZipArchive): Promise<void> {
  if (archive.has('META-INF/license.lcpl') || archive.has('META-INF/sinf.xml'))
    throw new Failure('novel.encrypted')
  const bytes = await archive.read('META-INF/encryption.xml')
  if (bytes === undefined) return
  for (const data of descendants(parseXml(decodeXml(bytes).text), 'encrypteddata')) {
    const method = descendants(data, 'encryptionmethod')[0]
    if (!fontObfuscations.has(method?.attributes['algorithm'] ?? '')) throw new Failure('novel.encrypted')
  }
}
