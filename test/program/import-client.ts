import { importAnswer, type ImportView } from '../../src/http/contract/import-batch-contract.ts'
import { waitUntil } from './wait-until.ts'

type Bytes = string | Uint8Array<ArrayBuffer>
type Asked = { fetch(path: string, init?: RequestInit): Promise<Response> }

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** Begins an import of files by their names, none of which is sent yet. */
export async function beginImport(
  api: Asked,
  files: Readonly<Record<string, Bytes>>,
  more: { readonly kept?: boolean } = {},
): Promise<ImportView> {
  const named = Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes.length }))
  const response = await api.fetch('/api/imports', json('POST', { files: named, ...more }))
  if (response.status !== 201) throw new Error(await response.text())
  return importAnswer.parse(await response.json()).import
}

export async function sendFile(api: Asked, batch: string, fileId: string, bytes: Bytes): Promise<Response> {
  const form = new FormData()
  form.append('file', new Blob([bytes]), 'file')
  return api.fetch(`/api/imports/${batch}/files/${fileId}`, { method: 'PUT', body: form })
}

/** Begins an import and sends its files. Returns its id. */
export async function importAll(api: Asked, files: Readonly<Record<string, Bytes>>): Promise<string> {
  const begun = await beginImport(api, files)
  for (const { id, name } of begun.files) {
    const response = await sendFile(api, begun.id, id, files[name] ?? '')
    if (!response.ok) throw new Error(await response.text())
  }
  return begun.id
}

export async function importOf(api: Asked, batch: string): Promise<ImportView> {
  return importAnswer.parse(await (await api.fetch(`/api/imports/${batch}`)).json()).import
}

/** Waits until nothing more becomes of any file. */
export async function importDone(api: Asked, batch: string): Promise<ImportView> {
  let last: ImportView | undefined
  await waitUntil(
    async () => {
      last = await importOf(api, batch)
      return last.done === last.total
    },
    () => JSON.stringify(last?.files.map(({ name, state }) => `${state} ${name}`)),
  )
  return last as ImportView
}
