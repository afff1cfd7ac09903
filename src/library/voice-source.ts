import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where public voices are fetched from: an address, or a folder that is laid out alike. */
export type VoiceSource =
  | { readonly kind: 'address'; readonly address: URL }
  | { readonly kind: 'folder'; readonly folder: string }

/** The source that a setting means. Throws a `RangeError` that says what is wrong with it. */
export function voiceSource(setting: string): VoiceSource {
  if (/^https?:\/\//i.test(setting)) {
    if (!URL.canParse(setting)) throw new RangeError('this is not an address')
    const address = new URL(setting)
    if (address.username !== '' || address.password !== '') {
      throw new RangeError('an address with a user name or password is not taken')
    }
    if (address.search !== '' || address.hash !== '') {
      throw new RangeError('an address with ? or # is not taken; the path of a file is put behind it')
    }
    return { kind: 'address', address }
  }
  const isFileUrl = /^file:/i.test(setting)
  if (!isFileUrl && /^[a-z][a-z\d+.-]*:\/\//i.test(setting)) {
    throw new RangeError('only http and https addresses and folders are taken')
  }
  const folder = isFileUrl ? pathOf(setting) : resolve(setting)
  if (!isFolder(folder))
    throw new RangeError(`there is no folder ${folder}; give an existing one, or an address`)
  return { kind: 'folder', folder }
}

/** What people call it: the host, or the folder. */
export function sourceName(source: VoiceSource): string {
  return source.kind === 'address' ? source.address.host : source.folder
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function pathOf(fileUrl: string): string {
  try {
    return fileURLToPath(fileUrl)
  } catch {
    throw new RangeError('this is not the address of a folder')
  }
}
