import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { type Send, type Sending, useSendings, useStay } from '../element/use-sendings.ts'
import { keys } from '../keys.ts'
import { type Uploaded, upload } from './upload.ts'

interface Sent {
  readonly name: string
  readonly file: File
  /** Whoever adds it alone sees it. */
  readonly kept: boolean
}

interface Batch extends Pick<Sent, 'kept'> {
  readonly files: readonly File[]
}

export type UploadItem = Sending<Sent, Uploaded>

/** Books on their way in, one after the other; several at once are an import that is stored and goes on by itself. */
export function useUploads() {
  const client = useQueryClient()
  const [kept, setKept] = useState(false)
  const { add, sending, ...single } = useSendings<Sent, Uploaded>(
    useCallback<Send<Sent, Uploaded>>(
      async ({ file, kept: own }, onProgress) => {
        const uploaded = await upload(file, { onProgress, kept: own })
        void client.invalidateQueries({ queryKey: keys.novels })
        return uploaded
      },
      [client],
    ),
  )
  const [batches, setBatches] = useState(0)
  const [refused, setRefused] = useState<{ readonly batch: Batch; readonly error: unknown }>()
  useStay(batches > 0)
  const addBatch = useCallback(
    async (batch: Batch): Promise<void> => {
      setRefused(undefined)
      setBatches((now) => now + 1)
      try {
        const { sendBatch } = await import('../imports/send-batch.ts')
        await sendBatch(client, batch.files, batch.kept)
      } catch (error) {
        setRefused({ batch, error })
      } finally {
        setBatches((now) => now - 1)
      }
    },
    [client],
  )
  const addAll = useCallback(
    (chosen: Iterable<File>) => {
      const files = [...chosen]
      if (files.length > 1 || files.some(isZip)) void addBatch({ files, kept })
      else add(files.map((file) => ({ name: file.name, file, kept })))
    },
    [add, addBatch, kept],
  )
  return {
    ...single,
    add: addAll,
    /** Whether who adds books from now on alone sees them. */
    kept,
    setKept,
    sending: sending || batches > 0,
    /** Why several files could not be taken in at all, and again. */
    refused: refused && { error: refused.error, again: () => void addBatch(refused.batch) },
  }
}

/** It may be full of books. */
function isZip({ name }: File): boolean {
  return /(?<!\.fb2)\.zip$/i.test(name)
}
