import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { type Send, type Sending, useSendings, useStay } from '../element/use-sendings.ts'
import { keys } from '../keys.ts'
import { type Uploaded, upload } from './upload.ts'

export type UploadItem = Sending<File, Uploaded>

/** Books on their way in, one after the other; several at once are an import that is stored and goes on by itself. */
export function useUploads() {
  const client = useQueryClient()
  const { add, sending, ...single } = useSendings<File, Uploaded>(
    useCallback<Send<File, Uploaded>>(
      async (file, onProgress) => {
        const uploaded = await upload(file, { onProgress })
        void client.invalidateQueries({ queryKey: keys.novels })
        return uploaded
      },
      [client],
    ),
  )
  const [batches, setBatches] = useState(0)
  const [refused, setRefused] = useState<{ readonly files: readonly File[]; readonly error: unknown }>()
  useStay(batches > 0)
  const addBatch = useCallback(
    async (files: readonly File[]): Promise<void> => {
      setRefused(undefined)
      setBatches((now) => now + 1)
      try {
        const { sendBatch } = await import('../imports/send-batch.ts')
        await sendBatch(client, files)
      } catch (error) {
        setRefused({ files, error })
      } finally {
        setBatches((now) => now - 1)
      }
    },
    [client],
  )
  const addAll = useCallback(
    (chosen: Iterable<File>) => {
      const files = [...chosen]
      if (files.length > 1 || files.some(isZip)) void addBatch(files)
      else add(files)
    },
    [add, addBatch],
  )
  return {
    ...single,
    add: addAll,
    sending: sending || batches > 0,
    /** Why several files could not be taken in at all, and again. */
    refused: refused && { error: refused.error, again: () => void addBatch(refused.files) },
  }
}

/** It may be full of books. */
function isZip({ name }: File): boolean {
  return /(?<!\.fb2)\.zip$/i.test(name)
}
