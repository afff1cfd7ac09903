import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { type Send, type Sending, useSendings } from '../element/use-sendings.ts'
import { keys } from '../keys.ts'
import { type Uploaded, upload } from './upload.ts'

export type UploadItem = Sending<File, Uploaded>

/** Books on their way in, one after the other. */
export function useUploads() {
  const client = useQueryClient()
  return useSendings<File, Uploaded>(
    useCallback<Send<File, Uploaded>>(
      async (file, onProgress) => {
        const uploaded = await upload(file, onProgress)
        void client.invalidateQueries({ queryKey: keys.novels })
        return uploaded
      },
      [client],
    ),
  )
}
